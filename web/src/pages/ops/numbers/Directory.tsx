import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { usePages } from "../../../api/hooks";
import type { NumberEntry, NumberSegment } from "../../../api/model";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import styles from "../shared/Form.module.css";
import { NumbersTable } from "./NumbersTable";

const KINDS = ["site", "person", "meeting"] as const;

interface Props {
  segments: NumberSegment[];
  chosen: string | null;
}

/** Looked up by digits, name, unit, or the first letters of pinyin. */
export function Directory({ segments, chosen }: Props) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [kind, setKind] = useState("");
  const [foreign, setForeign] = useState(false);
  const [query] = useDebouncedValue(words.trim(), 300);
  const entries = usePages<NumberEntry>("/numbers", { query, kind, segment: chosen, foreign: foreign ? "true" : null, limit: 100 });
  return (
    <section aria-label={t("numbers.directory")}>
      <div className={styles.filters}>
        <TextInput className={styles.grow} type="search" label={t("numbers.search")} value={words} onChange={({ target }) => setWords(target.value)} />
        <NativeSelect
          label={t("numbers.kind_filter")}
          value={kind}
          onChange={({ target }) => setKind(target.value)}
          data={[{ value: "", label: t("act.all") }, ...KINDS.map((value) => ({ value, label: t(`numbers.kind.${value}`) }))]}
        />
        <Switch label={t("numbers.foreign_only")} checked={foreign} onChange={({ currentTarget }) => setForeign(currentTarget.checked)} />
      </div>
      <Loaded of={entries}>
        {(found) => (found.length === 0 ? <Empty title={t("numbers.none")} hint={t("numbers.none_hint")} /> : <NumbersTable entries={found} segments={segments} />)}
      </Loaded>
      {entries.hasNextPage && (
        <Button variant="default" mt={16} loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {t("act.more")}
        </Button>
      )}
    </section>
  );
}
