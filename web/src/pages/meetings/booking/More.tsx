import { Checkbox, NativeSelect, Switch, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useGet } from "../../../api/hooks";
import type { Column, Page } from "../../../api/model";
import { AudienceSelect } from "../../ops/shared/AudienceSelect";
import { PICTURES, type PictureSize } from "../api";
import { AgendaEdit } from "./AgendaEdit";
import styles from "./Booking.module.css";
import { DeskEdit } from "./DeskEdit";
import type { Draft } from "./draft";
import { Files, type Pending } from "./Files";

interface Props {
  draft: Draft;
  files: readonly Pending[];
  /** Papers of a meeting that is booked are on its own page. */
  brings: boolean;
  onChange: (part: Partial<Draft>) => void;
  onFiles: (files: Pending[]) => void;
}

/** What most meetings do without. */
export function More({ draft, files, brings, onChange, onFiles }: Props) {
  const { t } = useTranslation();
  const columns = useGet<Page<Column>>("/columns");
  const known = columns.data?.items ?? [];
  const said = [draft.agenda.length > 0 && t("booking.has_agenda", { count: draft.agenda.length }), files.length > 0 && t("booking.has_papers", { count: files.length }), draft.desk.length > 0 && t("booking.has_desk", { count: draft.desk.length })];
  return (
    <details className={styles.more} data-more>
      <summary>
        {t("booking.more")} <span>{said.filter((words) => words !== false).join(" · ") || t("booking.more_hint")}</span>
      </summary>
      <div className={styles.details}>
        <section>
          <h3>{t("booking.agenda")}</h3>
          <AgendaEdit points={draft.agenda} onChange={(agenda) => onChange({ agenda })} />
        </section>
        {brings && <Files files={files} points={draft.agenda} onChange={onFiles} />}
        <DeskEdit draft={draft} onChange={(desk) => onChange({ desk })} />
        <Textarea label={t("meetings.notice")} description={t("meetings.notice_hint")} value={draft.notice} onChange={({ target }) => onChange({ notice: target.value })} autosize minRows={2} maxLength={2000} />
        <Switch label={t("meetings.walk_in")} checked={draft.walkIn} onChange={({ currentTarget }) => onChange({ walkIn: currentTarget.checked })} />
        <div className={styles.pair}>
          <NativeSelect label={t("booking.column")} description={t("booking.column_hint")} value={draft.column} onChange={({ target }) => onChange({ column: target.value })} data={[{ value: "", label: t("booking.no_column") }, ...known.map(({ id, title }) => ({ value: id, label: title }))]} />
          <AudienceSelect value={draft.audience} onChange={(audience) => onChange({ audience })} />
          <NativeSelect
            label={t("booking.picture")}
            value={draft.picture}
            onChange={({ target }) => onChange({ picture: target.value as PictureSize | "" })}
            data={[{ value: "", label: t("booking.largest") }, ...PICTURES.map((size) => ({ value: size, label: size === "audio" ? t("booking.audio") : size }))]}
          />
        </div>
        <Checkbox label={t("booking.take")} description={t("booking.take_hint")} checked={draft.take} onChange={({ currentTarget }) => onChange({ take: currentTarget.checked })} />
      </div>
    </details>
  );
}
