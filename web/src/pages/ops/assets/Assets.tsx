import "../../../ui/mantine_forms.css";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconScissors } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { LIVE_MS, useGet, usePages } from "../../../api/hooks";
import type { Asset, Channel, Column, Page } from "../../../api/model";
import { serverNow } from "../../../api/server_time";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { Table } from "../../../ui/Table";
import { CutDialog, type Span } from "../../shared/CutDialog";
import styles from "../shared/Form.module.css";
import { AssetDialog } from "./AssetDialog";
import { AssetRow } from "./AssetRow";

const STATES: Asset["state"][] = ["taping", "queued", "transcoding", "ready", "failed", "cancelled"];
const TEN_MINUTES_MS = 600_000;

/** Every programme with its state: to be found, renamed, tried again, deleted. */
export default function Assets() {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [column, setColumn] = useState("");
  const [state, setState] = useState("");
  const [q] = useDebouncedValue(words.trim(), 300);
  const [span, setSpan] = useState<Span | null>(null);
  const [editing, setEditing] = useState<Asset | null>(null);
  const columns = useGet<Page<Column>>("/columns");
  const channels = useGet<Page<Channel>>("/channels");
  const assets = usePages<Asset>("/assets", { q, column, state, limit: 50 }, LIVE_MS);
  const first = channels.data?.items[0];
  const columnTitle = (id: string) => columns.data?.items.find((found) => found.id === id)?.title ?? id;
  const cut = () => {
    const now = serverNow();
    if (first) setSpan({ title: "", channel: first.id, from: now - TEN_MINUTES_MS, to: now });
  };
  return (
    <>
      <PageHead title={t("assets.title")}>
        <Button color="accent" leftSection={<IconScissors size={20} aria-hidden />} disabled={!first} onClick={cut}>
          {t("assets.cut")}
        </Button>
      </PageHead>
      <div className={styles.filters}>
        <TextInput className={styles.grow} type="search" label={t("assets.search")} value={words} onChange={({ target }) => setWords(target.value)} />
        <NativeSelect
          label={t("assets.column")}
          value={column}
          onChange={({ target }) => setColumn(target.value)}
          data={[{ value: "", label: t("assets.any_column") }, ...(columns.data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }))]}
        />
        <NativeSelect
          label={t("assets.state")}
          value={state}
          onChange={({ target }) => setState(target.value)}
          data={[{ value: "", label: t("assets.any_state") }, ...STATES.map((value) => ({ value, label: t(`player.state.${value}`) }))]}
        />
      </div>
      <Loaded of={assets}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t("assets.none")} hint={t("assets.none_hint")} />
          ) : (
            <Table label={t("assets.title")} head={[t("assets.name"), t("assets.column"), t("assets.state"), ""]}>
              {items.map((asset) => (
                <AssetRow key={asset.id} asset={asset} columnTitle={columnTitle(asset.column)} onEdit={() => setEditing(asset)} />
              ))}
            </Table>
          )
        }
      </Loaded>
      {assets.hasNextPage && (
        <Button variant="default" mt={16} loading={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>
          {t("act.more")}
        </Button>
      )}
      {span && <CutDialog span={span} onClose={() => setSpan(null)} />}
      {editing && <AssetDialog asset={editing} columns={columns.data?.items ?? []} onClose={() => setEditing(null)} />}
    </>
  );
}
