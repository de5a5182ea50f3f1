import { useTranslation } from "react-i18next";

import { useGet } from "../../../api/hooks";
import type { components } from "../../../api/schema";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { State, type Tone } from "../../../ui/State";
import { Cell, Table } from "../../../ui/Table";
import { useTimeWords } from "../../../ui/words";
import type { Meeting } from "../api";
import styles from "./After.module.css";
import { Downloads } from "./Download";
import { QualityStrip } from "./QualityStrip";

type Report = components["schemas"]["QualityReport"];
type Venue = components["schemas"]["VenueQuality"];
type Trouble = components["schemas"]["Trouble"];

const TONES: Record<Venue["grade"], Tone> = { good: "ok", fair: "warn", poor: "bad" };
const GRADES = ["good", "fair", "poor", "none"] as const;
/** While the meeting goes on there is a new minute every minute. */
const EVERY_MS = 30_000;

/** How the venues' lines were, and whom to phone. */
export function QualityPart({ meeting }: { meeting: Meeting }) {
  const { t } = useTranslation();
  const path = `/meetings/${meeting.id}/quality`;
  const report = useGet<Report>(path, { every: meeting.state === "open" ? EVERY_MS : undefined });
  return (
    <Loaded of={report}>
      {({ from, to, venues }) => {
        if (from == null || to == null) return <Empty title={t("after.quality_none")} hint={t("after.quality_none_hint")} />;
        const bad = venues.filter(({ troubles }) => troubles.length > 0);
        return (
          <>
            <div className={styles.head}>
              <div>{bad.length === 0 && <p className={styles.well}>{t("after.all_well")}</p>}</div>
              <Downloads path={path} kinds={["pdf", "xlsx"]} />
            </div>
            {bad.length > 0 && (
              <section aria-labelledby="after-call" className={styles.section}>
                <h2 id="after-call">{t("after.call")}</h2>
                {bad.map((venue) => (
                  <Call key={venue.venue} venue={venue} />
                ))}
              </section>
            )}
            <section aria-labelledby="after-strips" className={styles.section}>
              <h2 id="after-strips">{t("after.quality")}</h2>
              {venues.map((venue) => (
                <QualityStrip key={venue.venue} venue={venue} from={from} to={to} />
              ))}
              <Legend from={from} to={to} />
            </section>
            <Figures venues={venues} />
          </>
        );
      }}
    </Loaded>
  );
}

/** What was wrong in sentences, and the number to call. */
function Call({ venue }: { venue: Venue }) {
  const { t } = useTranslation();
  return (
    <div className={styles.call} data-venue={venue.venue}>
      <h3>
        {venue.title} <State tone={TONES[venue.grade]}>{t(`after.grade_${venue.grade}`)}</State>
      </h3>
      <ul>
        {venue.troubles.map((trouble) => (
          <li key={`${trouble.kind} ${trouble.from}`}>
            <Said trouble={trouble} />
          </li>
        ))}
      </ul>
      <Contact venue={venue} />
    </div>
  );
}

function Said({ trouble: { kind, from, to, figure } }: { trouble: Trouble }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const words = { from: clock(from), to: clock(to), figure: Math.round(figure * 10) / 10, seconds: Math.round(figure) };
  return t(kind === "away" && figure < 1 ? "after.trouble_away_short" : `after.trouble_${kind}`, words);
}

function Contact({ venue: { contact_name: name, contact_phone: phone } }: { venue: Venue }) {
  const { t } = useTranslation();
  if (phone != null && phone !== "") {
    return (
      <p>
        {name == null || name === "" ? t("after.contact_phone") : t("after.contact", { name })} <a href={`tel:${phone.replace(/[^\d+*#]/g, "")}`}>{phone}</a>
      </p>
    );
  }
  if (name != null && name !== "") return <p>{t("after.contact_name", { name })}</p>;
  return <p className={styles.quiet}>{t("after.contact_none")}</p>;
}

function Legend({ from, to }: { from: number; to: number }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  return (
    <div className={styles.legend}>
      <span className="numbers">{clock(from)}</span>
      <ul aria-label={t("after.legend")}>
        {GRADES.map((grade) => (
          <li key={grade}>
            <i data-grade={grade} />
            {t(`after.grade_${grade}`)}
          </li>
        ))}
      </ul>
      <span className="numbers">{clock(to)}</span>
    </div>
  );
}

function Figures({ venues }: { venues: Venue[] }) {
  const { t } = useTranslation();
  const head = [t("meetings.venue"), t("after.up"), t("after.down"), t("after.loss"), t("after.rtt"), t("after.paused"), t("after.frozen"), t("after.thin"), t("after.away"), t("after.comebacks")];
  const seconds = (count: number) => (count === 0 ? "–" : t("after.seconds", { count }));
  return (
    <section aria-labelledby="after-figures" className={styles.section}>
      <h2 id="after-figures">{t("after.figures")}</h2>
      <Table label={t("after.figures")} head={head}>
        {venues.map((venue) => (
          <tr key={venue.venue}>
            <Cell main>{venue.title}</Cell>
            <Cell label={head[1]}>{t("after.kbps", { kbps: venue.up_kbps })}</Cell>
            <Cell label={head[2]}>{t("after.kbps", { kbps: venue.down_kbps })}</Cell>
            <Cell label={head[3]}>
              {venue.up_loss_percent} / {venue.down_loss_percent} %
            </Cell>
            <Cell label={head[4]}>
              {venue.rtt_ms} / {venue.worst_rtt_ms} ms
            </Cell>
            <Cell label={head[5]}>{seconds(venue.paused_seconds)}</Cell>
            <Cell label={head[6]}>{seconds(venue.frozen_seconds)}</Cell>
            <Cell label={head[7]}>{seconds(venue.thin_seconds)}</Cell>
            <Cell label={head[8]}>{seconds(venue.away_seconds)}</Cell>
            <Cell label={head[9]}>{venue.comebacks === 0 ? "–" : t("after.times", { count: venue.comebacks })}</Cell>
          </tr>
        ))}
      </Table>
    </section>
  );
}
