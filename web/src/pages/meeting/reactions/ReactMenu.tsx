import { Menu } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { ControlButton } from "../../room/stage/ControlButton";
import { ICONS } from "./Marks";
import { AGAIN_MS, type Reaction, REACTIONS } from "./reactions";

/** The choice of marks; after one there is a pause, as the server counts too. */
export function ReactMenu({ onReact }: { onReact: (reaction: Reaction) => void }) {
  const { t } = useTranslation();
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (!resting) return undefined;
    const timer = setTimeout(() => setResting(false), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [resting]);
  return (
    <Menu position="top-end">
      <Menu.Target>
        <ControlButton act="react" icon={IconMoodSmile} word={t("react.short")} label={t("react.act")} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("react.act")}</Menu.Label>
        {REACTIONS.map((reaction) => {
          const Icon = ICONS[reaction];
          return (
            <Menu.Item
              key={reaction}
              disabled={resting}
              leftSection={<Icon size={20} aria-hidden />}
              onClick={() => {
                setResting(true);
                onReact(reaction);
              }}
              data-react={reaction}
            >
              {t(`react.${reaction}`)}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
