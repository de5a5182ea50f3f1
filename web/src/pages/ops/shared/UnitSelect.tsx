import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useAll, useMe } from "../../../api/hooks";
import type { Unit } from "../../../api/model";
import { treeOf } from "./tree";

interface Props {
  value: string;
  onChange: (unit: string) => void;
  label?: string;
}

/** A unit out of the tree; whoever may not see the tree chooses among those where they hold a role. */
export function UnitSelect({ value, onChange, label }: Props) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const units = useAll<Unit>("/units", me?.may.administer ?? false);
  const own = me?.roles.map(({ unit, unit_title: title }) => ({ value: unit, label: title })) ?? [];
  const all = units.data ? treeOf(units.data).map(({ unit, depth }) => ({ value: unit.id, label: `${"　".repeat(depth)}${unit.title}` })) : own;
  const choices = [...new Map(all.map((choice) => [choice.value, choice])).values()];
  if (!choices.some((choice) => choice.value === value)) choices.push({ value, label: value });
  return <NativeSelect label={label ?? t("channels.unit")} value={value} onChange={({ target }) => onChange(target.value)} data={choices} />;
}
