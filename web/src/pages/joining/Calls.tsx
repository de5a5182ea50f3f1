import { Button } from "@mantine/core";
import { IconPhoneCall } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";

import { useGet, useMe } from "../../api/hooks";
import type { Page } from "../../api/model";
import type { CalledPerson } from "./api";
import styles from "./Join.module.css";

/** It rings for a minute. */
const LOOK_MS = 10_000;
/** Who is in a meeting, or stands ready for one, is not called by this. */
const BUSY = /^\/(stand|guest|rooms\/|meetings\/[^/]+\/(join|room|desk))/;

/** A meeting's chair calls the person who is signed in, or the venue of their unit: told on whatever page they are. */
export function Calls() {
  const { t } = useTranslation();
  const [path, navigate] = useLocation();
  const { data: me } = useMe();
  const listens = me?.person != null && !BUSY.test(path);
  const calls = useGet<Page<CalledPerson>>("/calls", { every: LOOK_MS, enabled: listens });
  const [later, setLater] = useState<string[]>([]);
  const key = ({ meeting, venue, since }: CalledPerson) => `${meeting} ${venue} ${since}`;
  const call = listens ? calls.data?.items.find((call) => !later.includes(key(call))) : undefined;
  if (!call) return null;
  return (
    <aside className={styles.call} role="alert" data-call={call.meeting}>
      <IconPhoneCall size={28} aria-hidden />
      <p>{t("calls.rings", { title: call.title, venue: call.venue_title })}</p>
      <div className={styles.acts}>
        <Button color="accent" onClick={() => navigate(`/meetings/${encodeURIComponent(call.meeting)}/join?venue=${encodeURIComponent(call.venue)}`)}>
          {t("calls.answer")}
        </Button>
        <Button variant="default" onClick={() => setLater((before) => [...before, key(call)])}>
          {t("calls.later")}
        </Button>
      </div>
    </aside>
  );
}
