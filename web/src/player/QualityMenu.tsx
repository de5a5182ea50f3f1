import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { rate } from "../ui/words";
import styles from "./Controls.module.css";
import { IconButton } from "./IconButton";
import type { Stage } from "./useStage";

interface Props {
  stage: Stage;
  /** The highest rung the line is advised to carry. */
  capName: string | null;
  sound?: { on: boolean; set: (on: boolean) => void };
}

/** Which rung plays: by itself, or the one chosen; what the line should not carry is shown and cannot be had. */
export function QualityMenu({ stage, capName, sound }: Props) {
  const { t } = useTranslation();
  const { rungs, chosen, choose, height } = stage;
  if (rungs.length === 0 && !sound) return null;
  const soundOn = sound?.on ?? false;
  const now = height === null ? t("player.quality_auto") : `${height}p`;
  const pick = (next: number | null) => {
    sound?.set(false);
    choose(next);
  };
  const mark = <IconCheck size={18} aria-hidden />;
  return (
    <Menu position="top-end" withinPortal={false}>
      <Menu.Target>
        <IconButton label={`${t("player.quality")} ${soundOn ? t("player.sound_only") : now}`} text>
          {soundOn ? t("player.sound_only") : now}
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        <Menu.Label>{capName ? t("player.quality_advice", { name: capName }) : t("player.quality")}</Menu.Label>
        <Menu.Item rightSection={chosen === null && !soundOn && mark} onClick={() => pick(null)}>
          {height === null || chosen !== null ? t("player.quality_auto") : t("player.quality_auto_now", { name: `${height}p` })}
        </Menu.Item>
        {rungs.map((rung) => (
          <Menu.Item key={rung.height} disabled={rung.over} rightSection={chosen === rung.height && !soundOn && mark} onClick={() => pick(rung.height)}>
            {rung.name} <span className={styles.hint}>{rung.over ? t("player.quality_over") : rate(rung.bitrateBps)}</span>
          </Menu.Item>
        ))}
        {sound && (
          <Menu.Item rightSection={soundOn && mark} onClick={() => sound.set(true)}>
            {t("player.sound_only")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
