import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { Unit } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { treeOf } from "../shared/tree";
import styles from "./People.module.css";
import { UnitDialog } from "./UnitDialog";

interface Props {
  units: Unit[];
  chosen: string | null;
  onChoose: (unit: string | null) => void;
}

export function UnitTree({ units, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  const act = useAct("/units");
  const [open, setOpen] = useState<"add" | "edit" | null>(null);
  const unit = units.find(({ id }) => id === chosen) ?? null;
  const top = treeOf(units)[0]?.unit;
  const remove = async (id: string) => {
    await act.mutateAsync({ method: "DELETE", path: `/units/${id}` });
    onChoose(null);
  };
  return (
    <section className={styles.tree} aria-labelledby="units">
      <h2 id="units">{t("people.units")}</h2>
      <ul>
        <li>
          <button type="button" aria-pressed={chosen === null} style={{ paddingInlineStart: 12 }} onClick={() => onChoose(null)}>
            {t("people.all_units")}
          </button>
        </li>
        {treeOf(units).map(({ unit: { id, title, level }, depth }) => (
          <li key={id}>
            <button type="button" aria-pressed={id === chosen} style={{ paddingInlineStart: 12 + depth * 20 }} onClick={() => onChoose(id)}>
              {title}
              {level && <small>{level}</small>}
            </button>
          </li>
        ))}
      </ul>
      <div className={styles.treeActs}>
        {(unit ?? top) && (
          <Button variant="default" onClick={() => setOpen("add")}>
            {t("people.add_unit")}
          </Button>
        )}
        {unit && (
          <>
            <Button variant="default" onClick={() => setOpen("edit")}>
              {t("act.edit")}
            </Button>
            {unit.parent !== null && (
              <Button variant="subtle" color="var(--ink-2)" onClick={() => ask({ question: t("people.delete_unit_sure", { title: unit.title }), act: t("act.delete"), run: () => remove(unit.id) })}>
                {t("act.delete")}
              </Button>
            )}
          </>
        )}
      </div>
      {open && <UnitDialog unit={open === "edit" ? unit : null} parent={(unit ?? top)?.id ?? "root"} onClose={() => setOpen(null)} />}
    </section>
  );
}
