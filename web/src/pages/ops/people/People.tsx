import "../../../ui/mantine_forms.css";

import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconTable } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAll } from "../../../api/hooks";
import type { Grant, Person, Unit } from "../../../api/model";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { subtree } from "../shared/tree";
import { CsvDialog } from "./CsvDialog";
import styles from "./People.module.css";
import { PeopleTable } from "./PeopleTable";
import { PersonDialog } from "./PersonDialog";
import { UnitTree } from "./UnitTree";

/** The tree of units, and beside it the people of the one chosen and of all below it. */
export default function People() {
  const { t } = useTranslation();
  const units = useAll<Unit>("/units");
  const people = useAll<Person>("/people");
  const grants = useAll<Grant>("/grants");
  const [chosen, setChosen] = useState<string | null>(null);
  const [words, setWords] = useState("");
  const [open, setOpen] = useState<"csv" | "person" | null>(null);
  return (
    <>
      <PageHead title={t("people.title")}>
        <Button variant="default" leftSection={<IconTable size={20} aria-hidden />} onClick={() => setOpen("csv")}>
          {t("people.csv_title")}
        </Button>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} disabled={!units.data} onClick={() => setOpen("person")}>
          {t("people.add")}
        </Button>
      </PageHead>
      <Loaded of={units}>
        {(tree) => {
          const inside = chosen === null ? null : subtree(tree, chosen);
          return (
            <div className={styles.split}>
              <UnitTree units={tree} chosen={chosen} onChoose={setChosen} />
              <div className={styles.people}>
                <TextInput className={styles.search} type="search" label={t("people.search")} value={words} onChange={({ target }) => setWords(target.value)} />
                <Loaded of={people}>
                  {(items) => {
                    const needle = words.trim().toLowerCase();
                    const shown = items.filter(({ unit, name, display_name: display }) => (inside === null || inside.has(unit)) && (name.includes(needle) || display.toLowerCase().includes(needle)));
                    if (shown.length === 0) return <Empty title={t("people.none")} hint={t("people.none_hint")} />;
                    return <PeopleTable people={shown} units={tree} grants={grants.data ?? []} />;
                  }}
                </Loaded>
              </div>
              {open === "person" && <PersonDialog person={null} unit={chosen ?? tree[0]?.id ?? "root"} onClose={() => setOpen(null)} />}
            </div>
          );
        }}
      </Loaded>
      {open === "csv" && <CsvDialog tables={["people", "units", "sites"]} onClose={() => setOpen(null)} />}
    </>
  );
}
