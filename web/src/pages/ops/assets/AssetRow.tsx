import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots, IconPlayerStop, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useAct } from "../../../api/hooks";
import type { Asset } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { At } from "../../../ui/At";
import { Bar } from "../../../ui/Bar";
import { State, type Tone } from "../../../ui/State";
import { Cell } from "../../../ui/Table";
import { duration } from "../../../ui/time";
import { useHalf } from "../../../ui/words";
import styles from "../shared/Form.module.css";

const TONES: Record<Asset["state"], Tone> = { taping: "live", queued: "off", transcoding: "warn", ready: "ok", failed: "bad", cancelled: "off" };

interface Props {
  asset: Asset;
  columnTitle: string;
  onEdit: () => void;
}

export function AssetRow({ asset, columnTitle, onEdit }: Props) {
  const { t } = useTranslation();
  const half = useHalf();
  const ask = useAsk();
  const act = useAct("/assets", "/jobs", "/front");
  const { id, title, state, progress, error, playable, channel_title: channel, duration_ms: length } = asset;
  const making = state === "taping" || state === "queued" || state === "transcoding";
  const words = t(`player.state.${state}`);
  return (
    <tr>
      <Cell main>
        <Link href={`/watch/${id}`}>{title}</Link>
        <div className={styles.quiet}>
          {channel} <At at={asset.start} /> {length > 0 && <span className="numbers">{duration(length)}</span>}
        </div>
        {error && <p className={styles.bad}>{half(error)}</p>}
      </Cell>
      <Cell label={t("assets.column")}>{columnTitle}</Cell>
      <Cell label={t("assets.state")}>
        <div>
          <State tone={TONES[state]}>{progress !== null && making ? `${words} ${Math.round(progress * 100)} %` : words}</State>
          {progress !== null && making && <Bar value={progress} label={`${words} ${title}`} />}
          {making && playable && <p className={styles.quiet}>{t("assets.playable_early")}</p>}
        </div>
      </Cell>
      <Cell acts>
        <Button variant="default" aria-label={`${t("act.edit")} ${title}`} onClick={onEdit}>
          {t("act.edit")}
        </Button>
        <Menu>
          <Menu.Target>
            <ActionIcon size={44} variant="subtle" color="var(--ink-2)" aria-label={`${t("nav.menu")} ${title}`}>
              <IconDots size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {(state === "failed" || state === "cancelled") && (
              <Menu.Item leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => act.mutate({ method: "POST", path: `/assets/${id}/retry` })}>
                {t("act.retry")}
              </Menu.Item>
            )}
            {making && (
              <Menu.Item
                leftSection={<IconPlayerStop size={18} aria-hidden />}
                onClick={() => ask({ question: t("assets.cancel_sure", { title }), act: t("jobs.cancel"), run: () => act.mutateAsync({ method: "POST", path: `/assets/${id}/cancel` }) })}
              >
                {t("jobs.cancel")}
              </Menu.Item>
            )}
            <Menu.Item
              color="accent"
              leftSection={<IconTrash size={18} aria-hidden />}
              onClick={() => ask({ question: t("assets.delete_sure", { title }), act: t("act.delete"), run: () => act.mutateAsync({ method: "DELETE", path: `/assets/${id}` }) })}
            >
              {t("act.delete")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Cell>
    </tr>
  );
}
