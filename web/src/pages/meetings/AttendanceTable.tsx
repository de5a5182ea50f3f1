import { useTranslation } from "react-i18next";

import { useGet } from "../../api/hooks";
import type { components } from "../../api/schema";
import { At } from "../../ui/At";
import { Loaded } from "../../ui/Loaded";
import { Cell, Table } from "../../ui/Table";
import { duration } from "../../ui/time";
import type { Meeting } from "./api";

type Attendance = components["schemas"]["Attendance"];

/** Who attended, for the clerk's paper. */
export function AttendanceTable({ meeting }: { meeting: Meeting }) {
  const { t } = useTranslation();
  const attendance = useGet<Attendance>(`/meetings/${meeting.id}/attendance`);
  return (
    <Loaded of={attendance}>
      {({ items, attended, expected, people }) => (
        <>
          <p>{t("meetings.attended", { attended, expected, people })}</p>
          <Table label={t("meetings.attendance")} head={[t("meetings.venue"), t("meetings.mark"), t("meetings.came"), t("meetings.stayed"), t("meetings.headcount")]}>
            {items.map(({ venue, title, mark, stays, milliseconds, headcount }) => (
              <tr key={venue}>
                <Cell main>{title}</Cell>
                <Cell label={t("meetings.mark")}>{mark == null ? "–" : t(`meetings.mark_${mark}`)}</Cell>
                <Cell label={t("meetings.came")}>{stays[0] ? <At at={stays[0].came} /> : "–"}</Cell>
                <Cell label={t("meetings.stayed")}>{milliseconds > 0 ? duration(milliseconds) : "–"}</Cell>
                <Cell label={t("meetings.headcount")}>{headcount ?? "–"}</Cell>
              </tr>
            ))}
          </Table>
        </>
      )}
    </Loaded>
  );
}
