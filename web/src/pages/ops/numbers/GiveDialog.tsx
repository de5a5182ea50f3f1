import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useAll } from "../../../api/hooks";
import type { NumberEntry, NumberSegment, Person, Site } from "../../../api/model";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "../shared/Form.module.css";
import { SegmentSelect } from "./SegmentSelect";

/** More in one list nobody reads: the search box makes it shorter. */
const SHOWN = 200;

interface Props {
  segments: NumberSegment[];
  chosen: string | null;
  onClose: () => void;
}

/** A number for a venue or a person that has none yet. */
export function GiveDialog({ segments, chosen, onClose }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const sites = useAll<Site>("/sites");
  const people = useAll<Person>("/people");
  const numbers = useAll<NumberEntry>("/numbers");
  const [words, setWords] = useState("");
  const [wanted, setWanted] = useState("");
  const [segment, setSegment] = useState(chosen ?? "");
  const [number, setNumber] = useState("");
  const save = useAct<NumberEntry>("/number");
  const taken = new Set(numbers.data?.map(({ kind, id }) => `${kind} ${id}`));
  const everyone = [
    ...(sites.data ?? []).map(({ id, title }) => ({ value: `site ${id}`, label: `${t("numbers.kind.site")} · ${title}` })),
    ...(people.data ?? []).map(({ id, display_name: title }) => ({ value: `person ${id}`, label: `${t("numbers.kind.person")} · ${title}` })),
  ];
  const needle = words.trim().toLowerCase();
  const fits = everyone.filter(({ value, label }) => !taken.has(value) && label.toLowerCase().includes(needle)).slice(0, SHOWN);
  // Nobody gets a number by not being looked at: only one that is left alone chooses itself.
  const holder = fits.some(({ value }) => value === wanted) ? wanted : needle !== "" && fits.length === 1 ? (fits[0]?.value ?? "") : "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [kind, id] = holder.split(" ");
    const body = { kind, id, ...(segment !== "" && { segment }), ...(number.trim() !== "" && { number: number.trim() }) };
    const made = await save.mutateAsync({ method: "POST", path: "/numbers", body }).catch(() => null);
    if (!made) return;
    tell(t("numbers.gave", { number: made.number }));
    onClose();
  };
  return (
    <Dialog title={t("numbers.give")} opened onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput type="search" label={t("numbers.holder_search")} value={words} onChange={({ target }) => setWords(target.value)} data-autofocus />
        <NativeSelect
          label={t("numbers.holder_choose")}
          value={holder}
          onChange={({ target }) => setWanted(target.value)}
          data={[{ value: "", label: fits.length === 0 ? t("numbers.nobody") : "—" }, ...fits]}
        />
        <SegmentSelect segments={segments} value={segment} onChange={setSegment} />
        <TextInput label={t("numbers.wish")} description={t("numbers.wish_hint")} inputMode="numeric" value={number} onChange={({ target }) => setNumber(target.value)} autoComplete="off" />
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={holder === ""} loading={save.isPending}>
            {t("numbers.give")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
