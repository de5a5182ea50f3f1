import "../../../ui/mantine_forms.css";

import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { AskProvider } from "../../../ui/Ask";
import { useTitle } from "../../../ui/PageHead";
import { nameIn } from "../../room/link";
import { SignedIn } from "../../room/SignedIn";
import hall from "../hall/Hall.module.css";
import { StateLine } from "../hall/StateLine";
import { useConduct } from "../useConduct";
import { DeskHere } from "./DeskHere";

const nothing = () => undefined;

/** The desk of a clerk who runs the meeting without a seat in it. */
export default function DeskPage({ part }: { part: string }) {
  return (
    <AskProvider>
      <SignedIn>{() => <OwnDesk id={nameIn(part)} />}</SignedIn>
    </AskProvider>
  );
}

function OwnDesk({ id }: { id: string }) {
  const { t } = useTranslation();
  const { conduct, stale } = useConduct(id, null);
  useTitle(conduct?.shown.title ?? t("hall.short.desk"));
  return (
    <div className={hall.hall}>
      <div className={hall.top}>
        <h1 className={hall.title}>{conduct?.shown.title ?? t("hall.short.desk")}</h1>
        {conduct && <StateLine shown={conduct.shown} />}
        <p className={hall.quiet}>
          {t("desk.without_pictures")} <Link href={`/meetings/${encodeURIComponent(id)}/join`}>{t("desk.with_pictures")}</Link>
        </p>
      </div>
      <div className={hall.middle}>
        <DeskHere meeting={id} acting={null} conduct={conduct} stale={stale} seats={null} onWall={nothing} />
      </div>
    </div>
  );
}
