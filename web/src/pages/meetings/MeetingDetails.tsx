import { Button, NumberInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useAct, useGet } from "../../api/hooks";
import { AskProvider } from "../../ui/Ask";
import { At } from "../../ui/At";
import { Dialog } from "../../ui/Dialog";
import { useNotice } from "../../ui/Notice";
import { ProblemBox } from "../../ui/ProblemBox";
import { Cell, Table } from "../../ui/Table";
import { GuestLinks } from "../joining/GuestLinks";
import { afterPath, changePath, deskPath, type Meeting, type MeetingVenue, type OneMeeting } from "./api";
import { AttendancePart } from "./after/AttendancePart";
import styles from "./Meetings.module.css";
import type { Paper } from "./papers/api";
import { PaperDialog } from "./papers/PaperDialog";
import { PaperList } from "./papers/PaperList";

/** All of a meeting, over the list. */
export function MeetingDetails({ meeting, onClose }: { meeting: Meeting; onClose: () => void }) {
  return (
    <Dialog title={meeting.title} opened onClose={onClose} size={820}>
      <MeetingAbout meeting={meeting} onClose={onClose} />
    </Dialog>
  );
}

/** Agenda, papers, venues with their answers, and what one may do with a meeting. */
export function MeetingAbout({ meeting: listed, onClose }: { meeting: Meeting; onClose: () => void }) {
  const { t } = useTranslation();
  const fresh = useGet<OneMeeting>(`/meetings/${listed.id}`);
  const meeting = fresh.data ?? listed;
  const cancel = useAct("/meetings");
  const [asks, setAsks] = useState(false);
  const steers = fresh.data?.may_change ?? false;
  const held = meeting.state === "open" || meeting.state === "closed";
  return (
    <>
      <p>
        <At at={meeting.starts} /> – <At at={meeting.ends} /> · {t(`meetings.mode_${meeting.mode}`)} · {t("meetings.picture", { size: meeting.picture, kbps: meeting.copy_kbps })}
        {meeting.number != null && ` · ${t("number.of_meeting", { number: meeting.number })}`}
      </p>
      {meeting.notice !== "" && <p>{meeting.notice}</p>}
      {meeting.agenda.length > 0 && (
        <ol className={styles.agenda}>
          {meeting.agenda.map(({ title, speaker, minutes }, at) => (
            <li key={at}>
              {title} {speaker} {minutes != null && t("meetings.minutes", { count: minutes })}
            </li>
          ))}
        </ol>
      )}
      {meeting.state !== "cancelled" && <Papers meeting={meeting} steers={steers} />}
      {held && steers ? <AttendancePart meeting={meeting} /> : <Venues meeting={meeting} />}
      {steers && (meeting.state === "booked" || meeting.state === "open") && (
        <AskProvider>
          <GuestLinks meeting={meeting.id} />
        </AskProvider>
      )}
      {(cancel.isError || fresh.isError) && <ProblemBox error={cancel.error ?? fresh.error} />}
      <div className="dialog-acts">
        <Button component="a" variant="default" href={`/api/v1/meetings/${meeting.id}/calendar.ics`}>
          {t("meetings.calendar")}
        </Button>
        {held && steers && (
          <Button component={Link} variant="default" href={afterPath(meeting, "minutes")}>
            {t("after.open")}
          </Button>
        )}
        {steers && meeting.state !== "closed" && meeting.state !== "cancelled" && (
          <Button component={Link} variant="default" href={deskPath(meeting)}>
            {t("meetings.desk")}
          </Button>
        )}
        {steers && (meeting.state === "booked" || meeting.state === "open") && (
          <Button component={Link} variant="default" href={changePath(meeting)}>
            {t("booking.change")}
          </Button>
        )}
        {steers && meeting.state === "booked" && !asks && (
          <Button variant="default" onClick={() => setAsks(true)}>
            {t("meetings.cancel")}
          </Button>
        )}
        {asks && (
          <Button
            color="accent"
            loading={cancel.isPending}
            onClick={() => void cancel.mutateAsync({ method: "POST", path: `/meetings/${meeting.id}/cancel`, body: {} }).then(onClose, () => undefined)}
          >
            {t("meetings.cancel_sure")}
          </Button>
        )}
      </div>
    </>
  );
}

/** What is handed out, or will be. */
function Papers({ meeting, steers }: { meeting: Meeting; steers: boolean }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<Paper | null>(null);
  const of = { meeting: meeting.id, token: null };
  return (
    <section>
      <h3>{t("papers.title")}</h3>
      <PaperList of={of} points={meeting.agenda.map(({ title }) => title)} steers={steers} brings={false} onOpen={setOpened} />
      {opened && <PaperDialog of={of} paper={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}

function Venues({ meeting }: { meeting: Meeting }) {
  const { t } = useTranslation();
  const [answering, setAnswering] = useState<string | null>(null);
  return (
    <Table label={t("meetings.venues")} head={[t("meetings.venue"), t("meetings.reply"), t("meetings.headcount"), ""]}>
      {meeting.venues.map((venue) => (
        <tr key={venue.venue} data-venue={venue.venue}>
          <Cell main>
            {venue.title}
            {venue.role === "main" && ` · ${t("meetings.main")}`}
          </Cell>
          <Cell label={t("meetings.reply")}>
            {t(`meetings.reply_${venue.reply}`)} {venue.remark}
          </Cell>
          <Cell label={t("meetings.headcount")}>{venue.headcount ?? "–"}</Cell>
          <Cell acts>
            {meeting.state === "booked" &&
              (answering === venue.venue ? (
                <Reply meeting={meeting} venue={venue} onDone={() => setAnswering(null)} />
              ) : (
                <Button variant="default" onClick={() => setAnswering(venue.venue)}>
                  {t("meetings.answer")}
                </Button>
              ))}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function Reply({ meeting, venue, onDone }: { meeting: Meeting; venue: MeetingVenue; onDone: () => void }) {
  const { t } = useTranslation();
  const tell = useNotice();
  const [people, setPeople] = useState<number | null>(venue.headcount ?? null);
  const [remark, setRemark] = useState(venue.remark);
  const reply = useAct("/meetings");
  const answer = (said: "accepted" | "declined") =>
    void reply.mutateAsync({ method: "POST", path: `/meetings/${meeting.id}/reply`, body: { venue: venue.venue, reply: said, headcount: said === "accepted" ? people : null, remark } }).then(
      () => {
        tell(t("act.saved"));
        onDone();
      },
      () => undefined,
    );
  return (
    <div className={styles.answer}>
      <NumberInput label={t("meetings.headcount")} min={0} max={100_000} value={people ?? ""} onChange={(value) => setPeople(typeof value === "number" ? value : null)} />
      <TextInput label={t("meetings.remark")} value={remark} onChange={({ target }) => setRemark(target.value)} />
      <div className={styles.acts}>
        <Button color="accent" loading={reply.isPending} onClick={() => answer("accepted")}>
          {t("meetings.accept")}
        </Button>
        <Button variant="default" loading={reply.isPending} onClick={() => answer("declined")}>
          {t("meetings.decline")}
        </Button>
      </div>
      {reply.isError && <ProblemBox error={reply.error} />}
    </div>
  );
}
