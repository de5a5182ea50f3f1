import { useTranslation } from "react-i18next";

import { useGet, useMe } from "../../../api/hooks";
import type { Booked } from "../model";
import styles from "./Side.module.css";

/** What was booked: its agenda and papers do not change while the meeting goes on. Guests and venue computers, who have no account, do without. */
export function useBooked(meeting: string): Booked | null {
  const enabled = useMe().data?.person != null;
  return useGet<Booked>(`/meetings/${encodeURIComponent(meeting)}`, { enabled }).data ?? null;
}

/** The agenda with the point that is discussed now, so that who comes late knows where one is. */
export function Agenda({ meeting, at }: { meeting: string; at: number | null }) {
  const booked = useBooked(meeting);
  return <AgendaList points={booked?.agenda ?? []} papers={booked?.papers ?? []} at={at} />;
}

interface Props {
  points: Booked["agenda"];
  /** Papers that come on paper alone. */
  papers?: Booked["papers"];
  at: number | null;
}

export function AgendaList({ points, papers = [], at }: Props) {
  const { t } = useTranslation();
  if (points.length === 0) return null;
  const now = at === null ? null : points[at];
  return (
    <details className={styles.agenda} data-agenda={at ?? ""}>
      <summary>{now ? t("hall.agenda_at", { at: (at ?? 0) + 1, of: points.length, title: now.title }) : t("hall.agenda", { of: points.length })}</summary>
      <ol>
        {points.map((point, place) => (
          <li key={place} aria-current={place === at || undefined}>
            {point.title}
            {point.speaker && <span className={styles.posts}> · {point.speaker}</span>}
            {papers
              .filter((paper) => paper.point === place)
              .map((paper) => (
                <span key={paper.title} className={styles.paper}>
                  {t("hall.paper", { title: paper.title })}
                </span>
              ))}
          </li>
        ))}
      </ol>
    </details>
  );
}
