import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LIVE_MS, useGet } from "../../../api/hooks";
import type { Page, Service } from "../../../api/model";
import { streamWords } from "../../../ui/words";

interface Props {
  channel: string;
  value: string;
  onChange: (service: string) => void;
}

/** Which of the services in the signal the channel takes. */
export function ServiceSelect({ channel, value, onChange }: Props) {
  const { t } = useTranslation();
  const services = useGet<Page<Service>>(`/channels/${channel}/services`, { every: LIVE_MS });
  const items = services.data?.items ?? [];
  const choices = items.map(({ service, title, scrambled, streams }) => ({
    value: String(service),
    label: `${service} ${title} ${scrambled ? `(${t("channels.service_scrambled")})` : streams.filter(({ kind }) => kind !== "other").map(({ kind }) => streamWords(kind)).join(" + ")}`,
    disabled: scrambled && String(service) !== value,
  }));
  const gone = value !== "" && !choices.some((choice) => choice.value === value);
  const state = services.data === undefined ? t("channels.service_searching") : items.length === 0 ? t("channels.service_none") : t("channels.service_hint");
  return (
    <NativeSelect
      label={t("channels.service")}
      description={state}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      data={[{ value: "", label: t("channels.service_auto") }, ...choices, ...(gone ? [{ value, label: value }] : [])]}
    />
  );
}
