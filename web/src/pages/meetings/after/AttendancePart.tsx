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

type Attendance = components["schemas"]["Attendance"];
type Attended = components["schemas"]["Attended"];

const MARKS: Record<NonNullable<Attended["mark"]>, Tone> = { present: "ok", late: "warn", absent: "bad" };

/** Who attended, in the order of the tree. */
export function AttendancePart({ meeting }: { meeting: Meeting }) {
  const { t } = useTranslation();
  const { clock, duration } = useTimeWords();
  const path = `/meetings/${meeting.id}/attendance`;
  const attendance = useGet<Attendance>(path);
  return (
    <Loaded of={attendance}>
      {(of) =>
        of.items.length === 0 ? (
          <Empty title={t("after.none")} hint={t("after.none_hint")} />
        ) : (
          <>
            <div className={styles.head}>
              <div>
                <p>{t("after.summary", { ...of })}</p>
                <p>{t("after.people", { people: of.people, typed: of.people_typed, replied: of.people_replied, assumed: of.people_assumed })}</p>
              </div>
              <Downloads path={path} kinds={["pdf", "xlsx"]} />
            </div>
            <Table label={t("after.attendance")} head={[t("meetings.venue"), t("after.unit"), t("after.answered"), t("meetings.came"), t("after.went"), t("meetings.stayed"), t("meetings.headcount")]}>
              {of.items.map((line) => {
                const [first] = line.stays;
                const last = line.stays.at(-1);
                return (
                  <tr key={line.venue} data-venue={line.venue}>
                    <Cell main>
                      {line.title}
                      {line.is_main && ` · ${t("meetings.main")}`}
                      {!line.is_expected && ` · ${t("after.guest")}`}
                    </Cell>
                    <Cell label={t("after.unit")}>{line.unit || "–"}</Cell>
                    <Cell label={t("after.answered")}>{line.mark == null ? "–" : <Marked line={line} at={line.marked_at == null ? "" : clock(line.marked_at)} />}</Cell>
                    <Cell label={t("meetings.came")}>{first ? clock(first.came) : "–"}</Cell>
                    <Cell label={t("after.went")}>{last ? (last.went == null ? t("after.still_in") : clock(last.went)) : "–"}</Cell>
                    <Cell label={t("meetings.stayed")}>
                      {line.milliseconds > 0 ? duration(line.milliseconds) : "–"}
                      {line.stays.length > 1 && <span className={styles.quiet}> {t("after.stays", { count: line.stays.length })}</span>}
                    </Cell>
                    <Cell label={t("meetings.headcount")}>
                      {line.counted == null ? "–" : (line.headcount ?? 1)}
                      {line.counted != null && <span className={styles.quiet}> {t(`after.counted_${line.counted}`)}</span>}
                    </Cell>
                  </tr>
                );
              })}
            </Table>
          </>
        )
      }
    </Loaded>
  );
}

function Marked({ line, at }: { line: Attended; at: string }) {
  const { t } = useTranslation();
  if (line.mark == null) return null;
  return (
    <>
      <State tone={MARKS[line.mark]}>{t(`meetings.mark_${line.mark}`)}</State>{" "}
      <span className={styles.quiet}>
        {at}
        {line.is_marked_by_chair && t("after.by_desk")}
      </span>
    </>
  );
}
