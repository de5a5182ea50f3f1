import "../../../ui/mantine_forms.css";

import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { withQuery } from "../../../api/client";
import { useGet, useMe, useZone } from "../../../api/hooks";
import type { components } from "../../../api/schema";
import { Empty } from "../../../ui/Empty";
import { LinesSkeleton, Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { Cell, Table } from "../../../ui/Table";
import { partsIn } from "../../../ui/time";
import { Downloads } from "../../meetings/after/Download";
import form from "../shared/Form.module.css";
import { UnitSelect } from "../shared/UnitSelect";
import { Bars } from "./Bars";
import { RatesDialog } from "./RatesDialog";
import styles from "./Savings.module.css";

type Sheet = components["schemas"]["SavingsSheet"];
type Sum = components["schemas"]["Sum"];

const ROOT = "root";
/** As many years back as anybody asks. */
const YEARS = 6;

/** What was saved by not travelling: for the finance office, with all numbers by which it can be checked. */
export default function Savings() {
  const { data: me } = useMe();
  return me ? <Chosen roles={me.roles} /> : <LinesSkeleton />;
}

function Chosen({ roles }: { roles: { role: string; unit: string }[] }) {
  const { t } = useTranslation();
  const zone = useZone();
  const [now] = useState(() => Date.now());
  const thisYear = partsIn(zone, now).year;
  // The uppermost unit whose sheet one may see.
  const own = roles.filter(({ role }) => ["operator", "auditor", "administrator"].includes(role));
  const [unit, setUnit] = useState(() => own.find(({ unit: of }) => of === ROOT)?.unit ?? own[0]?.unit ?? ROOT);
  const [year, setYear] = useState(thisYear);
  const query = withQuery("", { unit, year });
  const sheet = useGet<Sheet>(`/savings${query}`);
  return (
    <>
      <PageHead title={t("savings.title")} hint={t("savings.hint")} />
      <div className={form.filters}>
        <UnitSelect label={t("savings.unit")} value={unit} onChange={setUnit} />
        <NativeSelect
          label={t("savings.year")}
          value={String(year)}
          onChange={({ target }) => setYear(Number(target.value))}
          data={Array.from({ length: YEARS }, (_, back) => String(thisYear - back))}
        />
        <Downloads path="/savings" kinds={["pdf", "xlsx"]} query={query} />
      </div>
      <Loaded of={sheet}>{(of) => <Shown sheet={of} onYear={setYear} />}</Loaded>
    </>
  );
}

function Shown({ sheet, onYear }: { sheet: Sheet; onYear: (year: number) => void }) {
  const { t, i18n } = useTranslation();
  const [rates, setRates] = useState(false);
  const number = (value: number) => value.toLocaleString(i18n.language);
  const short = (value: number) => (value >= 10_000 ? `${number(Math.round(value / 1_000) / 10)}${i18n.language.startsWith("zh") ? "万" : "0k"}` : number(value));
  const said = (label: string, { journeys, yuan }: Sum) => t("savings.bar", { label, journeys: number(journeys), yuan: number(yuan) });
  const { total } = sheet;
  return (
    <>
      <dl className={styles.facts}>
        <div>
          <dt>{t("savings.yuan")}</dt>
          <dd data-fact="yuan">{t("savings.yuan_of", { yuan: number(total.yuan) })}</dd>
        </div>
        <div>
          <dt>{t("savings.journeys")}</dt>
          <dd data-fact="journeys">{t("savings.heads", { count: total.journeys })}</dd>
        </div>
        <div>
          <dt>{t("savings.people")}</dt>
          <dd>{t("savings.heads", { count: total.people })}</dd>
        </div>
        <div>
          <dt>{t("savings.meetings")}</dt>
          <dd>
            {t("savings.meetings_of", { count: total.meetings })} <span className={form.quiet}>{t("savings.venues_of", { count: total.venues })}</span>
          </dd>
        </div>
      </dl>
      {total.meetings === 0 ? (
        <Empty title={t("savings.none", { year: sheet.year })} hint={t("savings.none_hint")} />
      ) : (
        <>
          <section className={styles.section} aria-labelledby="savings-months">
            <h2 id="savings-months">{t("savings.by_month")}</h2>
            <Bars
              label={t("savings.by_month")}
              say={short}
              bars={sheet.months.map(({ month, sum }) => ({ key: String(month), label: t("savings.month", { month }), value: sum.yuan, said: said(t("savings.month", { month }), sum) }))}
            />
          </section>
          <section className={styles.section} aria-labelledby="savings-regions">
            <h2 id="savings-regions">{t("savings.by_region")}</h2>
            <Regions sheet={sheet} number={number} />
          </section>
          {sheet.years.length > 1 && (
            <section className={styles.section} aria-labelledby="savings-years">
              <h2 id="savings-years">{t("savings.by_year")}</h2>
              <div className={styles.years}>
                {sheet.years.map(({ year, sum }) => (
                  <Button key={year} variant="default" onClick={() => onYear(year)}>
                    {said(String(year), sum)}
                  </Button>
                ))}
              </div>
            </section>
          )}
          <Check sheet={sheet} number={number} />
        </>
      )}
      <section className={styles.section} aria-labelledby="savings-rule">
        <h2 id="savings-rule">{t("savings.rule")}</h2>
        <ol className={styles.rule}>
          <li>{t("savings.rule_who")}</li>
          <li>{t("savings.rule_place")}</li>
          <li>{t("savings.rule_check", { people: number(total.people), journeys: number(total.journeys), local: number(sheet.local), free: number(sheet.free) })}</li>
          <li>{t("savings.rule_counted", { typed: number(sheet.typed), replied: number(sheet.replied), assumed: number(sheet.assumed) })}</li>
        </ol>
        {sheet.may_set_rates && (
          <Button variant="default" onClick={() => setRates(true)}>
            {t("savings.rates_change")}
          </Button>
        )}
      </section>
      {rates && <RatesDialog sheet={sheet} onClose={() => setRates(false)} />}
    </>
  );
}

function Regions({ sheet, number }: { sheet: Sheet; number: (value: number) => string }) {
  const { t } = useTranslation();
  const head = [t("savings.region"), t("savings.meetings"), t("savings.people"), t("savings.journeys"), t("savings.amount"), ""];
  const most = Math.max(1, ...sheet.regions.map(({ sum }) => sum.yuan));
  return (
    <Table label={t("savings.by_region")} head={head}>
      {sheet.regions.map(({ unit, title, is_own: isOwn, sum }) => (
        <tr key={unit} data-unit={unit}>
          <Cell main>{isOwn ? t("savings.own", { title }) : title}</Cell>
          <Cell label={head[1]}>{number(sum.meetings)}</Cell>
          <Cell label={head[2]}>{number(sum.people)}</Cell>
          <Cell label={head[3]}>{number(sum.journeys)}</Cell>
          <Cell label={head[4]}>{number(sum.yuan)}</Cell>
          <Cell>
            <span className={styles.whole}>
              <span className={styles.part} style={{ inlineSize: `${(sum.yuan / most) * 100}%` }} />
            </span>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

/** Journeys times rate, and their sum: the number at the top. */
function Check({ sheet, number }: { sheet: Sheet; number: (value: number) => string }) {
  const { t } = useTranslation();
  const head = [t("savings.level"), t("savings.journeys"), t("savings.each"), t("savings.amount")];
  return (
    <section className={styles.section} aria-labelledby="savings-check">
      <h2 id="savings-check">{t("savings.by_rate")}</h2>
      <Table label={t("savings.by_rate")} head={head}>
        {sheet.by_rate.map(({ level, yuan_each: each, journeys, yuan }) => (
          <tr key={`${level} ${each}`}>
            <Cell main>{level === "" ? t("savings.no_level") : level}</Cell>
            <Cell label={head[1]}>{number(journeys)}</Cell>
            <Cell label={head[2]}>× {number(each)}</Cell>
            <Cell label={head[3]}>= {number(yuan)}</Cell>
          </tr>
        ))}
        <tr className={styles.total}>
          <Cell main>{t("savings.total")}</Cell>
          <Cell label={head[1]}>{number(sheet.total.journeys)}</Cell>
          <Cell label={head[2]}> </Cell>
          <Cell label={head[3]}>{number(sheet.total.yuan)}</Cell>
        </tr>
      </Table>
    </section>
  );
}
