import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { NumberSegment } from "../../../api/model";
import { placedSegments } from "./segments";

interface Props {
  segments: NumberSegment[];
  /** Empty: whichever is nearest. */
  value: string;
  onChange: (segment: string) => void;
}

/** From which segment a number is to come. */
export function SegmentSelect({ segments, value, onChange }: Props) {
  const { t } = useTranslation();
  const choices = placedSegments(segments).map(({ segment, depth }) => ({ value: segment.id, label: `${"\u3000".repeat(depth)}${segment.range} ${segment.unit_title}`, disabled: segment.usage.free === 0 }));
  return <NativeSelect label={t("numbers.give_from")} value={value} onChange={({ target }) => onChange(target.value)} data={[{ value: "", label: t("numbers.give_nearest") }, ...choices]} />;
}
