import { Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import styles from "./Controls.module.css";
import { IconButton } from "./IconButton";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

export function SpeedMenu({ speed, onChoose }: { speed: number; onChoose: (speed: number) => void }) {
  const { t } = useTranslation();
  return (
    <Menu position="top-end" withinPortal={false}>
      <Menu.Target>
        <IconButton label={`${t("player.speed")} ${speed}×`} text>
          {speed}×
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown className={styles.menu}>
        <Menu.Label>{t("player.speed")}</Menu.Label>
        {SPEEDS.map((choice) => (
          <Menu.Item key={choice} rightSection={choice === speed && <IconCheck size={18} aria-hidden />} onClick={() => onChoose(choice)}>
            {choice === 1 ? t("player.speed_normal") : `${choice}×`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
