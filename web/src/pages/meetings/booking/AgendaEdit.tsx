import { Button, NumberInput, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { ToolButton } from "../../../ui/ToolButton";
import styles from "./Booking.module.css";
import type { Point } from "./draft";

/** The points of the agenda, in their order. */
export function AgendaEdit({ points, onChange }: { points: readonly Point[]; onChange: (points: Point[]) => void }) {
  const { t } = useTranslation();
  const set = (at: number, part: Partial<Point>) => onChange(points.map((point, place) => (place === at ? { ...point, ...part } : point)));
  const move = (at: number, by: number) => {
    const moved = [...points];
    const [point] = moved.splice(at, 1);
    if (point) moved.splice(at + by, 0, point);
    onChange(moved);
  };
  return (
    <div>
      <ol className={styles.points}>
        {points.map((point, at) => (
          <li key={at} data-point={at}>
            <TextInput className={styles.grow} label={t("booking.point", { at: at + 1 })} value={point.title} maxLength={200} onChange={({ target }) => set(at, { title: target.value })} data-autofocus-point={at} />
            <TextInput label={t("booking.speaker")} value={point.speaker} maxLength={200} onChange={({ target }) => set(at, { speaker: target.value })} />
            <NumberInput className={styles.short} label={t("booking.minutes")} min={1} max={1440} value={point.minutes ?? ""} onChange={(minutes) => set(at, { minutes: typeof minutes === "number" ? minutes : null })} />
            <span className={styles.tools}>
              <ToolButton label={t("booking.up", { name: point.title })} disabled={at === 0} onClick={() => move(at, -1)}>
                <IconArrowUp size={20} />
              </ToolButton>
              <ToolButton label={t("booking.down", { name: point.title })} disabled={at === points.length - 1} onClick={() => move(at, 1)}>
                <IconArrowDown size={20} />
              </ToolButton>
              <ToolButton label={t("booking.remove_named", { name: point.title })} onClick={() => onChange(points.filter((_, place) => place !== at))}>
                <IconX size={20} />
              </ToolButton>
            </span>
          </li>
        ))}
      </ol>
      <Button variant="default" onClick={() => onChange([...points, { title: "", minutes: null, speaker: "" }])}>
        {t("booking.add_point")}
      </Button>
    </div>
  );
}
