import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useAct, useMe, useZone } from "../../api/hooks";
import type { Page, Site, Unit } from "../../api/model";
import { useNotice } from "../../ui/Notice";
import { PageHead } from "../../ui/PageHead";
import { SignedIn } from "../room/SignedIn";
import { type Meeting, meetingPath } from "./api";
import { BookingForm } from "./booking/BookingForm";
import { bodyOf, emptyDraft } from "./booking/draft";
import type { Pending } from "./booking/Files";
import { Places } from "./booking/Places";
import { BringAll } from "./papers/BringAll";

/** Booking: what, when, where; and whether venues and lines are free. */
export default function NewMeeting() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("meetings.book")} hint={t("meetings.book_hint")} />
      <SignedIn>{() => <Places>{(units, sites) => <Form units={units} sites={sites} />}</Places>}</SignedIn>
    </>
  );
}

function Form({ units, sites }: { units: Unit[]; sites: Site[] }) {
  const { t } = useTranslation();
  const zone = useZone();
  const tell = useNotice();
  const [, go] = useLocation();
  const { data: me } = useMe();
  const [first] = useState(() => emptyDraft(me?.roles.find(({ role }) => role === "chair" || role === "administrator")?.unit ?? units[0]?.id ?? "root", Date.now(), zone));
  const book = useAct<Page<Meeting>>("/meetings", "/notices");
  const [booked, setBooked] = useState<{ meeting: Meeting; files: Pending[] } | null>(null);
  if (booked) return <BringAll meeting={booked.meeting} files={booked.files} onDone={() => (tell(t("papers.brought")), go(meetingPath(booked.meeting)))} />;
  return (
    <BookingForm
      units={units}
      sites={sites}
      first={first}
      checkPath="/meetings/check"
      bodyOf={(draft) => bodyOf(draft, zone)}
      changes={false}
      submitWords={t("meetings.book_now")}
      busy={book.isPending}
      error={book.error}
      onSubmit={(draft, files) =>
        void book.mutateAsync({ method: "POST", path: "/meetings", body: bodyOf(draft, zone) }).then(
          ({ items: [meeting] }) => {
            tell(t("meetings.booked"));
            if (meeting && files.length > 0) setBooked({ meeting, files });
            else go("/meetings");
          },
          () => undefined,
        )
      }
    />
  );
}
