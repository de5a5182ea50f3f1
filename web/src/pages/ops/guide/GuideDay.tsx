import { Button } from "@mantine/core";
import { IconListCheck, IconScissors } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useGet, useZone } from "../../../api/hooks";
import { withQuery } from "../../../api/client";
import type { Page, Programme, Tape } from "../../../api/model";
import { serverNow } from "../../../api/server_time";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { addDays, instantOf } from "../../../ui/time";
import { useTimeWords } from "../../../ui/words";
import type { Span } from "../../shared/CutDialog";
import styles from "./Guide.module.css";

interface Props {
  channel: string;
  day: string;
  onCut: (span: Span) => void;
}

export function GuideDay({ channel, day, onCut }: Props) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const zone = useZone();
  const from = instantOf(day, zone) ?? 0;
  const to = instantOf(addDays(day, 1), zone) ?? 0;
  const guide = useGet<Page<Programme>>(withQuery(`/channels/${channel}/guide`, { from, to }), { every: 60_000 });
  const tape = useGet<Tape>(`/channels/${channel}/tape`);
  const now = serverNow();
  const ruleFor = ({ title, start, end }: Programme) => `/ops/rules?${new URLSearchParams({ title, channel, from: clock(start), to: clock(end) }).toString()}`;
  return (
    <Loaded of={guide}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t("guide.none")} hint={t("guide.none_hint")} />
        ) : (
          <ul className={styles.day}>
            {items.map((programme) => {
              const { event, title, subtitle, start, end, source } = programme;
              const onAir = start <= now && now < end;
              const cuttable = end > (tape.data?.from ?? now);
              return (
                <li key={event} data-now={onAir || undefined} data-past={end <= now || undefined}>
                  <span className={styles.clock}>
                    {clock(start)}–{clock(end)}
                  </span>
                  <span className={styles.title}>
                    {title}
                    {onAir && <span className={styles.badge}>{t("live.now")}</span>}
                    {subtitle && <span className={styles.quiet}>{subtitle}</span>}
                    {source === "timetable" && <span className={styles.quiet}>{t("guide.from_timetable")}</span>}
                  </span>
                  <span className={styles.acts}>
                    <Button component={Link} href={ruleFor(programme)} variant="subtle" color="var(--ink-2)" leftSection={<IconListCheck size={18} aria-hidden />} aria-label={`${t("guide.make_rule")} ${title} ${clock(start)}`}>
                      {t("guide.make_rule")}
                    </Button>
                    <Button
                      variant="subtle"
                      color="var(--ink-2)"
                      disabled={!cuttable}
                      leftSection={<IconScissors size={18} aria-hidden />}
                      aria-label={`${t("guide.cut")} ${title} ${clock(start)}`}
                      onClick={() => onCut({ title, channel, from: start, to: end })}
                    >
                      {t("guide.cut")}
                    </Button>
                  </span>
                </li>
              );
            })}
          </ul>
        )
      }
    </Loaded>
  );
}
