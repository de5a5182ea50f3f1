import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { type Meeting, meetingPath } from "../api";
import type { Pending } from "../booking/Files";
import styles from "./Papers.module.css";
import { UnderWay } from "./UnderWay";
import { useBringing } from "./useBringing";

/** The papers of a meeting that was booked a moment ago, for all of its series. */
export function BringAll({ meeting, files, onDone }: { meeting: Meeting; files: readonly Pending[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { under, start } = useBringing({ meeting: meeting.id, token: null });
  const [failed, setFailed] = useState(false);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void start(files, meeting.series == null ? "one" : "all").then((whole) => (whole ? onDone() : setFailed(true)));
  }, [files, meeting, onDone, start]);
  return (
    <section className={styles.bringing}>
      <h2>{t(failed ? "papers.some_failed" : "papers.bringing", { title: meeting.title })}</h2>
      <UnderWay under={under} />
      {failed && (
        <Button component={Link} href={meetingPath(meeting)} color="accent">
          {t("papers.go_on")}
        </Button>
      )}
    </section>
  );
}
