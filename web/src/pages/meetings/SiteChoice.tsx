import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Meetings.module.css";

export interface Choosable {
  value: string;
  label: string;
}

/** Sites to choose among, by search; all at once with one button. */
export function SiteChoice({ label, sites, chosen, onChange, children }: { label: string; sites: Choosable[]; chosen: readonly string[]; onChange: (chosen: string[]) => void; children?: ReactNode }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const found = sites.filter((site) => site.label.includes(search.trim()));
  const set = new Set(chosen);
  return (
    <fieldset className={styles.choice}>
      <legend>
        {label} · {t("meetings.chosen", { count: chosen.length })}
      </legend>
      <div className={styles.choiceHead}>
        <TextInput aria-label={t("meetings.search")} placeholder={t("meetings.search")} value={search} onChange={({ target }) => setSearch(target.value)} />
        <Button variant="default" onClick={() => onChange([...new Set([...chosen, ...found.map(({ value }) => value)])])}>
          {t("meetings.all_sites")}
        </Button>
        <Button variant="default" disabled={chosen.length === 0} onClick={() => onChange([])}>
          {t("meetings.no_sites")}
        </Button>
      </div>
      {children}
      <div className={styles.choices}>
        {found.map(({ value, label: of }) => (
          <Checkbox key={value} label={of} checked={set.has(value)} onChange={({ currentTarget }) => onChange(currentTarget.checked ? [...chosen, value] : chosen.filter((one) => one !== value))} />
        ))}
        {found.length === 0 && <p>{t("meetings.no_site")}</p>}
      </div>
    </fieldset>
  );
}
