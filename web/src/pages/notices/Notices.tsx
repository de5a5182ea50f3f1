import "../../ui/mantine_forms.css";

import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useAct, useMe, usePages } from "../../api/hooks";
import { At } from "../../ui/At";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import { State, type Tone } from "../../ui/State";
import { useHalf } from "../../ui/words";
import { meetingPath } from "../meetings/api";
import { SignedIn } from "../room/SignedIn";
import { NOTICES, type Notice, UNREAD_MS } from "./api";
import styles from "./Notices.module.css";

const TONES: Record<Notice["kind"], Tone> = { invited: "ok", changed: "warn", cancelled: "bad", taken: "bad" };
const AT_ONCE = 50;

/** What a person and the venues they look after were told about meetings. */
export default function Notices() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("notices.title")} hint={t("notices.hint")} />
      <SignedIn>{() => <List />}</SignedIn>
    </>
  );
}

function List() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const [unread, setUnread] = useState(false);
  const [unit, setUnit] = useState("");
  const units = new Map((me?.roles ?? []).filter(({ role }) => role === "chair" || role === "administrator").map(({ unit: id, unit_title: title }) => [id, title]));
  const notices = usePages<Notice>(NOTICES, { unit, unread: unread || null, limit: AT_ONCE }, UNREAD_MS);
  const act = useAct(NOTICES);
  const fresh = (notices.data ?? []).filter(({ read_at: at }) => at === null);
  const newest = notices.data?.[0];
  return (
    <>
      <div className={styles.head}>
        <SegmentedControl
          aria-label={t("notices.which")}
          value={unread ? "unread" : "all"}
          onChange={(chosen) => setUnread(chosen === "unread")}
          data={[
            { value: "all", label: t("notices.all") },
            { value: "unread", label: t("notices.only_unread") },
          ]}
        />
        {units.size > 0 && <NativeSelect aria-label={t("notices.of")} value={unit} onChange={({ target }) => setUnit(target.value)} data={[{ value: "", label: t("notices.mine") }, ...[...units].map(([value, label]) => ({ value, label }))]} data-whose />}
        {fresh.length > 0 && newest && (
          <Button variant="default" loading={act.isPending} onClick={() => act.mutate({ method: "POST", path: "/notices/read", body: { up_to: newest.id, ...(unit !== "" && { unit }) } })} data-read-all>
            {t("notices.read_all")}
          </Button>
        )}
      </div>
      {act.isError && <ProblemBox error={act.error} />}
      <Loaded of={notices}>
        {(all) =>
          all.length === 0 ? (
            <Empty title={t(unread ? "notices.none_unread" : "notices.none")} hint={t("notices.none_hint")} />
          ) : (
            <ul className={styles.list}>
              {all.map((notice) => (
                <Line key={notice.id} notice={notice} of={notice.unit === null ? null : (units.get(notice.unit) ?? null)} onRead={() => act.mutate({ method: "POST", path: `/notices/${notice.id}/read` })} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {notices.hasNextPage && (
        <Button variant="default" loading={notices.isFetchingNextPage} onClick={() => void notices.fetchNextPage()}>
          {t("notices.more")}
        </Button>
      )}
    </>
  );
}

function Line({ notice, of, onRead }: { notice: Notice; of: string | null; onRead: () => void }) {
  const { t } = useTranslation();
  const half = useHalf();
  const isNew = notice.read_at === null;
  const seen = () => {
    if (isNew) onRead();
  };
  return (
    <li className={styles.notice} data-notice={notice.kind} data-new={isNew || undefined}>
      <div className={styles.what}>
        <p className={styles.about}>
          <State tone={TONES[notice.kind]}>{t(`notices.kind_${notice.kind}`)}</State>
          {notice.asks_reply && <State tone="live">{t("notices.asks")}</State>}
          <At at={notice.at} />
          {of !== null && <span>{t("notices.to_unit", { unit: of })}</span>}
        </p>
        <p className={styles.text}>{half(notice.text)}</p>
      </div>
      <div className={styles.acts}>
        <Button component={Link} href={meetingPath({ id: notice.meeting })} variant={notice.asks_reply ? "filled" : "default"} {...(notice.asks_reply && { color: "accent" })} onClick={seen}>
          {t(notice.asks_reply ? "notices.answer" : "notices.open")}
        </Button>
        {isNew && (
          <Button variant="subtle" color="var(--ink)" onClick={onRead} data-read>
            {t("notices.read")}
          </Button>
        )}
      </div>
    </li>
  );
}
