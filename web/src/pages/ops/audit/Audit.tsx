import "../../../ui/mantine_forms.css";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAll, useMe, usePages, useZone } from "../../../api/hooks";
import type { Entry, Person } from "../../../api/model";
import { At } from "../../../ui/At";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { Cell, Table } from "../../../ui/Table";
import { addDays, instantOf } from "../../../ui/time";
import styles from "../shared/Form.module.css";

/** Nouns of which changes are recorded; the filter takes all of one. */
const NOUNS = ["session", "person", "grant", "unit", "site", "number_segment", "number", "token", "channel", "rule", "column", "asset", "job"] as const;

/** Who did what, when and from where. */
export default function Audit() {
  const { t, i18n } = useTranslation();
  const zone = useZone();
  const { data: me } = useMe();
  const [words, setWords] = useState("");
  const [noun, setNoun] = useState("");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [name] = useDebouncedValue(words.trim().toLowerCase(), 300);
  const people = useAll<Person>("/people", me?.may.administer || me?.may.audit);
  const person = people.data?.find((found) => found.name === name || found.display_name.toLowerCase() === name)?.id ?? name;
  const entries = usePages<Entry>("/audit", {
    person,
    action: noun && `${noun}.`,
    from: from ? instantOf(from, zone) : null,
    to: to ? instantOf(addDays(to, 1), zone) : null,
    limit: 50,
  });
  const say = (action: string) => {
    const [thing = "", act = ""] = action.split(".");
    const word = (key: string, or: string) => (i18n.exists(key) ? t(key as "audit.title") : or);
    const whole = `audit.whole.${thing}_${act}`;
    if (i18n.exists(whole)) return word(whole, action);
    return `${word(`audit.act.${act}`, act)} ${word(`audit.noun.${thing}`, thing)}`;
  };
  return (
    <>
      <PageHead title={t("audit.title")} hint={t("audit.hint")} />
      <div className={styles.filters}>
        <TextInput className={styles.grow} type="search" label={t("audit.filter_person")} value={words} onChange={({ target }) => setWords(target.value)} />
        <NativeSelect
          label={t("audit.filter_action")}
          value={noun}
          onChange={({ target }) => setNoun(target.value)}
          data={[{ value: "", label: t("act.all") }, ...NOUNS.map((value) => ({ value, label: t(`audit.noun.${value}`) }))]}
        />
        <TextInput type="date" label={t("audit.filter_from")} value={from} onChange={({ target }) => setFrom(target.value)} />
        <TextInput type="date" label={t("audit.filter_to")} value={to} onChange={({ target }) => setTo(target.value)} />
      </div>
      <Loaded of={entries}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t("audit.none")} hint={t("audit.none_hint")} />
          ) : (
            <Table label={t("audit.title")} head={[t("audit.at"), t("audit.who"), t("audit.what"), t("audit.on"), t("audit.address")]}>
              {items.map((entry) => (
                <tr key={entry.sequence}>
                  <Cell label={t("audit.at")}>
                    <At at={entry.at} />
                  </Cell>
                  <Cell label={t("audit.who")}>{people.data?.find(({ id }) => id === entry.person)?.display_name ?? entry.person_name ?? t("audit.system")}</Cell>
                  <Cell label={t("audit.what")}>{say(entry.action)}</Cell>
                  <Cell label={t("audit.on")}>
                    <Change entry={entry} />
                  </Cell>
                  <Cell label={t("audit.address")}>{entry.address ?? "—"}</Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {entries.hasNextPage && (
        <Button variant="default" mt={16} loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {t("act.more")}
        </Button>
      )}
    </>
  );
}

/** What was changed; before and after fold out. */
function Change({ entry: { object, before, after } }: { entry: Entry }) {
  const { t } = useTranslation();
  if (before == null && after == null) return object;
  return (
    <details>
      <summary>{object}</summary>
      {before != null && (
        <>
          <p className={styles.quiet}>{t("audit.before")}</p>
          <pre className={styles.json}>{JSON.stringify(before, null, 2)}</pre>
        </>
      )}
      {after != null && (
        <>
          <p className={styles.quiet}>{t("audit.after")}</p>
          <pre className={styles.json}>{JSON.stringify(after, null, 2)}</pre>
        </>
      )}
    </details>
  );
}
