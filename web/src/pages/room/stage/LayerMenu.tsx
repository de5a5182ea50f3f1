import { Menu } from "@mantine/core";
import { IconAdjustments, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { LAYER_CHOICES, type LayerChoice } from "../layers";
import styles from "./Tile.module.css";

interface Props {
  name: string;
  chosen: LayerChoice;
  onChoose: (choice: LayerChoice) => void;
}

/** How large one person's picture may come: by itself, at most one layer, or not at all. */
export function LayerMenu({ name, chosen, onChoose }: Props) {
  const { t } = useTranslation();
  const title = t("room.layer.title", { name });
  return (
    <Menu position="top-end">
      <Menu.Target>
        <button type="button" className={styles.button} aria-label={`${title}: ${t(`room.layer.${chosen}`)}`} title={title} data-layer={chosen}>
          <IconAdjustments size={20} aria-hidden />
          {chosen !== "auto" && t(`room.layer.${chosen}`)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{title}</Menu.Label>
        {LAYER_CHOICES.map((choice) => (
          <Menu.Item key={choice} data-choice={choice} rightSection={choice === chosen && <IconCheck size={18} aria-hidden />} onClick={() => onChoose(choice)}>
            {t(`room.layer.${choice}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
