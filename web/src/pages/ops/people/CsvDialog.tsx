import { Button, NativeSelect } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { ImportReport } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useHalf } from "../../../ui/words";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import peopleStyles from "./People.module.css";

const WORDS = { units: "people.csv_units", sites: "people.csv_sites", people: "people.csv_people", number_segments: "numbers.csv_number_segments", numbers: "numbers.csv_numbers" } as const;

type TableName = keyof typeof WORDS;

interface Props {
  /** The first is chosen at the beginning. */
  tables: [TableName, ...TableName[]];
  onClose: () => void;
}

/** Tables out and in. What a file would change is shown before it is changed. */
export function CsvDialog({ tables, onClose }: Props) {
  const { t } = useTranslation();
  const [table, setTable] = useState<TableName>(tables[0]);
  const [contents, setContents] = useState<Blob | null>(null);
  const half = useHalf();
  const file = useRef<HTMLInputElement>(null);
  const check = useAct<ImportReport>();
  const apply = useAct<ImportReport>("/units", "/people", "/sites", "/grants", "/number");
  const path = `/org/import/${table}`;
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    // Read now: the browser refuses a file that was saved again between check and import. The server knows the spreadsheets' encodings.
    const read = new Blob([await chosen.arrayBuffer()]);
    setContents(read);
    apply.reset();
    check.mutate({ method: "POST", path: `${path}?dry_run=true`, body: read });
    if (file.current) file.current.value = "";
  };
  const found = check.data;
  const good = found !== undefined && found.errors.length === 0 && contents !== null;
  return (
    <Dialog title={t("people.csv_title")} opened onClose={onClose} size="lg">
      <div className={styles.form}>
        <p className={styles.quiet}>{t("people.csv_hint")}</p>
        <div className={peopleStyles.csv}>
          <NativeSelect
            aria-label={t("people.csv_title")}
            value={table}
            onChange={({ target }) => {
              setTable(target.value as TableName);
              check.reset();
              apply.reset();
            }}
            data={tables.map((value) => ({ value, label: t(WORDS[value]) }))}
          />
          <Button component="a" href={`/api/v1/org/export/${table}.csv`} download variant="default">
            {t("people.export")}
          </Button>
          <Button loading={check.isPending} onClick={() => file.current?.click()}>
            {t("people.import")}
          </Button>
          <input ref={file} type="file" accept=".csv,text/csv" hidden aria-label={t("people.csv_choose")} onChange={({ target }) => void choose(target.files?.[0])} />
        </div>
        {(check.isError || apply.isError) && <ProblemBox error={apply.error ?? check.error} />}
        {apply.data ? (
          <p className={peopleStyles.result} role="status">
            {t("people.csv_did", apply.data)}
          </p>
        ) : (
          found && (
            <div className={peopleStyles.result} role="status">
              <h3>{t("people.csv_check")}</h3>
              <p>{good ? t("people.csv_would", found) : t("people.csv_errors", { count: found.errors.length })}</p>
              <ul>
                {found.errors.slice(0, 50).map(({ line, message }) => (
                  <li key={`${line} ${message}`}>{t("people.csv_line", { line, message: half(message) })}</li>
                ))}
              </ul>
            </div>
          )
        )}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.close")}
          </Button>
          {good && !apply.data && (
            <Button color="accent" loading={apply.isPending} onClick={() => apply.mutate({ method: "POST", path, body: contents })}>
              {t("people.csv_apply")}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
