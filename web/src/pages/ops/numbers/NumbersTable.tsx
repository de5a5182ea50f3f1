import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { NumberEntry, NumberSegment } from "../../../api/model";
import { At } from "../../../ui/At";
import { useAsk } from "../../../ui/Ask";
import { State } from "../../../ui/State";
import { Cell, Table } from "../../../ui/Table";
import formStyles from "../shared/Form.module.css";
import styles from "./Numbers.module.css";
import { RenumberDialog } from "./RenumberDialog";

interface Props {
  entries: NumberEntry[];
  segments: NumberSegment[];
}

/** The directory: which number reaches whom. */
export function NumbersTable({ entries, segments }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  const act = useAct("/number");
  const [changing, setChanging] = useState<NumberEntry | null>(null);
  const free = ({ number, title }: NumberEntry) =>
    ask({ question: t("numbers.free_sure", { number, title }), act: t("numbers.free"), run: () => act.mutateAsync({ method: "DELETE", path: `/numbers/${number}` }) });
  return (
    <>
      <Table label={t("numbers.directory")} head={[t("numbers.number"), t("numbers.holder"), t("numbers.state"), ""]}>
        {entries.map((entry) => (
          <tr key={entry.number}>
            <Cell main>
              <b className={styles.digits}>{entry.number}</b>
            </Cell>
            <Cell label={t("numbers.holder")}>
              {entry.title} <span className={formStyles.quiet}>{t(`numbers.kind.${entry.kind}`)}</span>
              <div className={formStyles.quiet}>{entry.unit_path.split("/").filter(Boolean).join(" / ")}</div>
            </Cell>
            <Cell label={t("numbers.state")}>
              {entry.alias_of !== null ? (
                <State tone="off">{t("numbers.alias", { number: entry.alias_of })}</State>
              ) : entry.foreign ? (
                <State tone="warn">{t("numbers.foreign")}</State>
              ) : (
                <State tone="ok">{t("numbers.in_use")}</State>
              )}
              {entry.until !== null && (
                <div className={formStyles.quiet}>
                  {t("numbers.until")} <At at={entry.until} />
                </div>
              )}
            </Cell>
            <Cell acts>
              {entry.alias_of === null && (
                <Button variant="default" aria-label={`${t("numbers.renumber")} ${entry.number}`} onClick={() => setChanging(entry)}>
                  {t("numbers.renumber")}
                </Button>
              )}
              <Button variant="subtle" color="var(--ink-2)" aria-label={`${t("numbers.free")} ${entry.number}`} onClick={() => free(entry)}>
                {t("numbers.free")}
              </Button>
            </Cell>
          </tr>
        ))}
      </Table>
      {changing && <RenumberDialog entry={changing} segments={segments} onClose={() => setChanging(null)} />}
    </>
  );
}
