import { Button, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { components } from "../../../api/schema";
import { Dialog } from "../../../ui/Dialog";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import form from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";
import styles from "./Savings.module.css";

type Sheet = components["schemas"]["SavingsSheet"];
type UnitRate = components["schemas"]["UnitRate"];

const MOST_YUAN = 100_000;
const ROOT = "root";

/** What a journey costs: for all, by level, and for units of their own. */
export function RatesDialog({ sheet: { rates, levels }, onClose }: { sheet: Sheet; onClose: () => void }) {
  const { t } = useTranslation();
  const tell = useNotice();
  const save = useAct("/savings");
  const [all, setAll] = useState(rates.yuan);
  const [byLevel, setByLevel] = useState(() => new Map(rates.levels?.map(({ level, yuan }) => [level, yuan])));
  const [units, setUnits] = useState<UnitRate[]>(rates.units ?? []);
  const known = [...new Set([...levels, ...byLevel.keys()])];
  const put = (at: number, rate: Partial<UnitRate>) => setUnits(units.map((of, place) => (place === at ? { ...of, ...rate } : of)));
  const keep = () => {
    const body = { yuan: all, levels: [...byLevel].map(([level, yuan]) => ({ level, yuan })), units };
    void save.mutateAsync({ method: "PUT", path: "/savings/rates", body }).then(
      () => {
        tell(t("savings.rates_saved"));
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <Dialog title={t("savings.rates")} opened onClose={onClose} size={620}>
      <div className={form.form}>
        <p>{t("savings.rates_hint")}</p>
        <NumberInput label={t("savings.rate_all")} min={0} max={MOST_YUAN} allowDecimal={false} value={all} onChange={(value) => setAll(typeof value === "number" ? value : 0)} />
        <div className={form.pair}>
          {known.map((level) => (
            <NumberInput
              key={level}
              label={t("savings.rate_level", { level })}
              placeholder={t("savings.rate_same")}
              min={0}
              max={MOST_YUAN}
              allowDecimal={false}
              value={byLevel.get(level) ?? ""}
              onChange={(value) => {
                const next = new Map(byLevel);
                if (typeof value === "number") next.set(level, value);
                else next.delete(level);
                setByLevel(next);
              }}
            />
          ))}
        </div>
        <h3>{t("savings.rate_units")}</h3>
        {units.map(({ unit, yuan }, at) => (
          <div key={at} className={styles.unitRate}>
            <UnitSelect label={t("savings.rate_unit")} value={unit} onChange={(chosen) => put(at, { unit: chosen })} />
            <NumberInput label={t("savings.each")} min={0} max={MOST_YUAN} allowDecimal={false} value={yuan} onChange={(value) => put(at, { yuan: typeof value === "number" ? value : 0 })} />
            <Button variant="default" aria-label={t("savings.rate_remove", { unit })} onClick={() => setUnits(units.filter((_, place) => place !== at))}>
              {t("act.delete")}
            </Button>
          </div>
        ))}
        <Button variant="default" onClick={() => setUnits([...units, { unit: ROOT, yuan: 0 }])}>
          {t("savings.rate_add")}
        </Button>
        {save.isError && <ProblemBox error={save.error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button color="accent" loading={save.isPending} onClick={keep}>
            {t("act.save")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
