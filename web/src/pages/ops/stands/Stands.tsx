import "../../../ui/mantine_forms.css";

import { Button, NativeSelect, SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useAll, useGet, useMe } from "../../../api/hooks";
import type { Site, Unit, Whole } from "../../../api/model";
import type { components } from "../../../api/schema";
import { AskProvider, useAsk } from "../../../ui/Ask";
import { At } from "../../../ui/At";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { ProblemBox } from "../../../ui/ProblemBox";
import { State } from "../../../ui/State";
import { Cell, Table } from "../../../ui/Table";
import { treeOf } from "../shared/tree";
import { PairDialog } from "./PairDialog";
import styles from "./Stands.module.css";

type VenueStands = Whole<components["schemas"]["VenueStands"]>;

const REFRESH_MS = 5_000;
const ANSWERS = ["by_hand", "when_called", "at_start"] as const;

/** The computers of the venues that one runs: paired here, seen here, and how they answer. */
export default function Stands() {
  const { t } = useTranslation();
  return (
    <AskProvider>
      <PageHead title={t("stand.title")} hint={t("stand.ops_hint")} />
      <OwnSites />
    </AskProvider>
  );
}

function OwnSites() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const units = useAll<Unit>("/units");
  const sites = useAll<Site>("/sites");
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Loaded of={units}>
      {(tree) => (
        <Loaded of={sites}>
          {(all) => {
            const own = (me?.roles ?? []).filter(({ role }) => role === "operator" || role === "chair" || role === "administrator").map(({ unit }) => unit);
            const order = treeOf(tree).map(({ unit }) => unit);
            const isOwn = (unit: string | null): boolean => unit !== null && (own.includes(unit) || isOwn(order.find(({ id }) => id === unit)?.parent ?? null));
            const listed = order.flatMap(({ id, title }) => all.filter((site) => site.unit === id && isOwn(id)).map((site) => ({ site, label: site.title === title ? title : `${title} · ${site.title}` })));
            const at = listed.find(({ site }) => site.id === chosen) ?? listed[0];
            if (!at) return <Empty title={t("stand.no_sites")} hint={t("stand.no_sites_hint")} />;
            return (
              <>
                <NativeSelect className={styles.site} label={t("stand.site")} value={at.site.id} onChange={({ target }) => setChosen(target.value)} data={listed.map(({ site, label }) => ({ value: site.id, label }))} />
                <OfSite key={at.site.id} site={at.site} />
              </>
            );
          }}
        </Loaded>
      )}
    </Loaded>
  );
}

function OfSite({ site }: { site: Site }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const path = `/sites/${encodeURIComponent(site.id)}/stands`;
  const standing = useGet<VenueStands>(path, { every: REFRESH_MS });
  const act = useAct(path);
  const [pairing, setPairing] = useState(false);
  return (
    <Loaded of={standing}>
      {({ answers, items }) => (
        <>
          <div className={styles.rule}>
            <span id="answers">{t("stand.answers")}</span>
            <SegmentedControl
              aria-labelledby="answers"
              value={answers}
              onChange={(chosen) => act.mutate({ method: "PATCH", path: `/sites/${encodeURIComponent(site.id)}/answers`, body: { answers: chosen } })}
              data={ANSWERS.map((value) => ({ value, label: t(`stand.rule.${value}`) }))}
            />
          </div>
          {act.isError && <ProblemBox error={act.error} />}
          {items.length === 0 ? (
            <Empty title={t("stand.none")} hint={t("stand.none_hint", { address: `${window.location.origin}/stand` })} />
          ) : (
            <Table label={t("stand.computers")} head={[t("stand.computer"), t("stand.seen"), t("stand.runs"), t("stand.paired"), ""]}>
              {items.map((stand) => (
                <tr key={stand.id} data-computer={stand.title}>
                  <Cell main>{stand.title}</Cell>
                  <Cell label={t("stand.seen")}>{stand.is_online ? <State tone="ok">{t("stand.online")}</State> : stand.last_seen === null ? t("stand.never") : <At at={stand.last_seen} />}</Cell>
                  <Cell label={t("stand.runs")}>{stand.runs}</Cell>
                  <Cell label={t("stand.paired")}>
                    <At at={stand.created} /> {t("stand.paired_by", { name: stand.paired_by_name, address: stand.address ?? "" })}
                  </Cell>
                  <Cell acts>
                    <Button
                      variant="default"
                      aria-label={`${t("stand.revoke")} ${stand.title}`}
                      onClick={() => ask({ question: t("stand.revoke_sure", { title: stand.title }), act: t("stand.revoke"), run: () => act.mutateAsync({ method: "DELETE", path: `/stands/${stand.id}` }) })}
                    >
                      {t("stand.revoke")}
                    </Button>
                  </Cell>
                </tr>
              ))}
            </Table>
          )}
          <Button mt={16} color="accent" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setPairing(true)} data-do="pair">
            {t("stand.pair")}
          </Button>
          {pairing && <PairDialog site={site} onClose={() => setPairing(false)} />}
        </>
      )}
    </Loaded>
  );
}
