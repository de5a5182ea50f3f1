import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useAct, useGet, useZone } from "../../api/hooks";
import type { Site, Unit } from "../../api/model";
import { Loaded } from "../../ui/Loaded";
import { useNotice } from "../../ui/Notice";
import { PageHead } from "../../ui/PageHead";
import { nameIn } from "../room/link";
import { SignedIn } from "../room/SignedIn";
import { type Meeting, meetingPath } from "./api";
import { BookingForm } from "./booking/BookingForm";
import { draftOf, patchOf, type Scope } from "./booking/draft";
import { Places } from "./booking/Places";

const SCOPES: readonly Scope[] = ["one", "following", "all"];

/** A booking in the form in which it was made. */
export default function ChangeMeeting({ part }: { part: string }) {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("booking.change")} hint={t("booking.change_hint")} />
      <SignedIn>{() => <Booked id={nameIn(part)} />}</SignedIn>
    </>
  );
}

function Booked({ id }: { id: string }) {
  const meeting = useGet<Meeting>(`/meetings/${encodeURIComponent(id)}`);
  return <Loaded of={meeting}>{(found) => <Places>{(units, sites) => <Form meeting={found} units={units} sites={sites} />}</Places>}</Loaded>;
}

function Form({ meeting, units, sites }: { meeting: Meeting; units: Unit[]; sites: Site[] }) {
  const { t } = useTranslation();
  const zone = useZone();
  const tell = useNotice();
  const [, go] = useLocation();
  // As it was when one began to write: what others change meanwhile is not undone by sending it again.
  const [first] = useState(() => draftOf(meeting, zone));
  const [scope, setScope] = useState<Scope>("one");
  const change = useAct("/meetings", "/notices");
  const path = `/meetings/${encodeURIComponent(meeting.id)}`;
  return (
    <BookingForm
      units={units}
      sites={sites}
      first={first}
      checkPath={`${path}/check`}
      bodyOf={(draft) => patchOf(first, draft, scope, zone)}
      changes
      submitWords={t("booking.change_now")}
      busy={change.isPending}
      error={change.error}
      onSubmit={(draft) =>
        void change.mutateAsync({ method: "PATCH", path, body: patchOf(first, draft, scope, zone) }).then(
          () => {
            tell(t("booking.changed"));
            go(meetingPath(meeting));
          },
          () => undefined,
        )
      }
    >
      {meeting.series != null && <SegmentedControl aria-label={t("booking.scope")} value={scope} onChange={(chosen) => setScope(chosen as Scope)} data={SCOPES.map((of) => ({ value: of, label: t(`booking.scope_${of}`) }))} data-scope />}
    </BookingForm>
  );
}
