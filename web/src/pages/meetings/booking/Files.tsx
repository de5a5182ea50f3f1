import { Button, NativeSelect } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";

import { ToolButton } from "../../../ui/ToolButton";
import { size } from "../../../ui/words";
import { ACCEPTED } from "../papers/api";
import styles from "./Booking.module.css";
import type { Point } from "./draft";

/** A paper that is brought once the meeting is booked. */
export interface Pending {
  file: File;
  point: number | null;
}

/** Papers of a meeting that is not booked yet. */
export function Files({ files, points, onChange }: { files: readonly Pending[]; points: readonly Point[]; onChange: (files: Pending[]) => void }) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <h3>{t("papers.title")}</h3>
      <p className={styles.quiet}>{t("papers.bring_hint")}</p>
      <ul className={styles.files}>
        {files.map((pending, at) => (
          <li key={`${pending.file.name}/${at}`} data-pending={pending.file.name}>
            <span className={styles.grow}>
              {pending.file.name} <span className={styles.quiet}>{size(pending.file.size)}</span>
            </span>
            {points.length > 0 && (
              <NativeSelect
                aria-label={t("papers.point_of", { name: pending.file.name })}
                value={pending.point ?? ""}
                onChange={({ target }) => onChange(files.map((other) => (other === pending ? { ...pending, point: target.value === "" ? null : Number(target.value) } : other)))}
                data={[{ value: "", label: t("papers.no_point") }, ...points.map(({ title }, point) => ({ value: String(point), label: `${point + 1}. ${title}` }))]}
              />
            )}
            <ToolButton label={t("booking.remove_named", { name: pending.file.name })} onClick={() => onChange(files.filter((other) => other !== pending))}>
              <IconX size={20} />
            </ToolButton>
          </li>
        ))}
      </ul>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        data-files
        onChange={({ target }) => {
          onChange([...files, ...[...(target.files ?? [])].map((file) => ({ file, point: null }))]);
          target.value = "";
        }}
      />
      <Button variant="default" onClick={() => input.current?.click()}>
        {t("papers.choose")}
      </Button>
    </div>
  );
}
