import "../../ui/mantine_forms.css";

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useGet } from "../../api/hooks";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { nameIn } from "../room/link";
import { SignedIn } from "../room/SignedIn";
import { joinPath, type Meeting } from "./api";
import { MeetingAbout } from "./MeetingDetails";
import styles from "./Meetings.module.css";

/** A meeting by its address: where notices and mails lead. */
export default function MeetingOverview({ part }: { part: string }) {
  return <SignedIn>{() => <Overview id={nameIn(part)} />}</SignedIn>;
}

function Overview({ id }: { id: string }) {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const meeting = useGet<Meeting>(`/meetings/${encodeURIComponent(id)}`);
  return (
    <Loaded of={meeting}>
      {(found) => (
        <>
          <PageHead title={found.title} hint={t("meetings.card", { main: found.venues.find(({ role }) => role === "main")?.title ?? "", chair: found.chair_name, venues: found.venues.length })}>
            {(found.state === "booked" || found.state === "open") && (
              <Button component={Link} href={joinPath(found)} color="accent">
                {t("meetings.enter")}
              </Button>
            )}
          </PageHead>
          <div className={styles.overview} data-overview={found.id}>
            <MeetingAbout meeting={found} onClose={() => go("/meetings")} />
          </div>
        </>
      )}
    </Loaded>
  );
}
