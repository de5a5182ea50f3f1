import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/hooks";
import type { Paper } from "../../meetings/papers/api";
import { usePapers } from "../../meetings/papers/api";
import { PaperDialog } from "../../meetings/papers/PaperDialog";
import { PaperList } from "../../meetings/papers/PaperList";
import { AgendaList } from "../hall/Agenda";
import type { Joined } from "../model";
import styles from "./BeforeMeeting.module.css";

interface Props {
  meeting: string;
  agenda: Joined["agenda"];
  /** The point that is discussed now. */
  at: number | null;
}

/** What who waits or comes late finds: the agenda with the point now discussed, and the papers. */
export function AtTheDoor({ meeting, agenda, at }: Props) {
  const { data: me } = useMe();
  return (
    <>
      <AgendaList points={agenda} at={at} />
      {me?.person && <Papers meeting={meeting} points={agenda.map(({ title }) => title)} />}
    </>
  );
}

function Papers({ meeting, points }: { meeting: string; points: string[] }) {
  const { t } = useTranslation();
  const of = { meeting, token: null };
  const papers = usePapers(of);
  const [opened, setOpened] = useState<Paper | null>(null);
  if ((papers.data ?? []).length === 0) return null;
  return (
    <section className={styles.papers} aria-label={t("papers.title")}>
      <h2>{t("papers.title")}</h2>
      <PaperList of={of} points={points} steers={false} brings={false} onOpen={setOpened} />
      {opened && <PaperDialog of={of} paper={opened} onClose={() => setOpened(null)} />}
    </section>
  );
}
