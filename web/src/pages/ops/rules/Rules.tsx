import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

import { useAct, useGet } from "../../../api/hooks";
import type { Channel, Column, Page, Rule, RuleDraft } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { State } from "../../../ui/State";
import { Cell, Table } from "../../../ui/Table";
import { useHalf, useWeekdaysWords } from "../../../ui/words";
import { asDraft, NEW_RULE } from "./draft";
import { RuleDialog } from "./RuleDialog";
import styles from "./Rules.module.css";

/** What is recorded by itself. */
export default function Rules() {
  const { t } = useTranslation();
  const ask = useAsk();
  const half = useHalf();
  const days = useWeekdaysWords();
  const rules = useGet<Page<Rule>>("/rules", { every: 30_000 });
  const channels = useGet<Page<Channel>>("/channels");
  const columns = useGet<Page<Column>>("/columns");
  const act = useAct("/rules", "/status");
  const [search, setSearch] = useSearchParams();
  const asked = search.get("title");
  // The guide's "make a rule of it" brings title, channel and times in the address.
  const [open, setOpen] = useState<{ id: string | null; draft: RuleDraft } | null>(() =>
    asked === null ? null : { id: null, draft: { ...NEW_RULE, title: asked, channel: search.get("channel"), from_time: search.get("from"), to_time: search.get("to") } },
  );
  const close = () => {
    setOpen(null);
    if (asked !== null) setSearch({}, { replace: true });
  };
  const start = () => setOpen({ id: null, draft: NEW_RULE });
  const titleOf = (list: { id: string; title: string }[] | undefined, id: string) => list?.find((thing) => thing.id === id)?.title ?? id;
  const sentence = (rule: Rule) =>
    t("rules.sentence", {
      what: rule.title_match === "any" ? t("rules.match_any") : t(`rules.match_${rule.title_match}`),
      channel: rule.channel === null ? t("rules.any_channel") : titleOf(channels.data?.items, rule.channel),
      days: days(rule.weekdays),
      hours: rule.from_time === null && rule.to_time === null ? t("rules.any_time") : t("rules.between", { from: rule.from_time ?? "00:00", to: rule.to_time ?? "24:00" }),
    });
  const keep = (rule: Rule) =>
    [rule.keep_last !== null && t("rules.keep_last_words", { count: rule.keep_last }), rule.keep_days !== null && t("rules.keep_days_words", { count: rule.keep_days })].filter(Boolean).join(" · ") || t("rules.keep_all");
  return (
    <>
      <PageHead title={t("rules.title")}>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} onClick={start}>
          {t("rules.add")}
        </Button>
      </PageHead>
      <Loaded of={rules}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("rules.none")} hint={t("rules.none_hint")} />
          ) : (
            <Table label={t("rules.title")} head={[t("rules.name"), t("rules.column"), t("rules.keep"), ""]}>
              {items.map((rule) => (
                <tr key={rule.id}>
                  <Cell main>
                    {rule.title_match === "any" ? t("rules.match_any") : rule.title}
                    <div className={styles.quiet}>{sentence(rule)}</div>
                    {!rule.enabled && <State tone="off">{t("rules.paused")}</State>}
                    {rule.warning && <p className={styles.warning}>{half(rule.warning)}</p>}
                  </Cell>
                  <Cell label={t("rules.column")}>{titleOf(columns.data?.items, rule.column)}</Cell>
                  <Cell label={t("rules.keep")}>{keep(rule)}</Cell>
                  <Cell acts>
                    <Button variant="default" aria-label={`${t("act.edit")} ${rule.title}`} onClick={() => setOpen({ id: rule.id, draft: asDraft(rule) })}>
                      {t("act.edit")}
                    </Button>
                    <Button
                      variant="subtle"
                      color="var(--ink-2)"
                      aria-label={`${t("act.delete")} ${rule.title}`}
                      onClick={() => ask({ question: t("rules.delete_sure", { title: rule.title }), act: t("act.delete"), run: () => act.mutateAsync({ method: "DELETE", path: `/rules/${rule.id}` }) })}
                    >
                      {t("act.delete")}
                    </Button>
                  </Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {open && <RuleDialog id={open.id} start={open.draft} channels={channels.data?.items ?? []} columns={columns.data?.items ?? []} onClose={close} />}
    </>
  );
}
