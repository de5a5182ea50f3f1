import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useMe } from "../../../api/hooks";

/** `public`, `signed_in` or `network:<name>` in words. */
export function useAudienceWords() {
  const { t } = useTranslation();
  return (audience: string): string => {
    if (audience === "public") return t("channels.audience_public");
    if (audience === "signed_in") return t("channels.audience_signed_in");
    return t("channels.audience_network", { name: audience.replace(/^network:/, "") });
  };
}

/** Who may watch. The networks there are stand in the configuration; the reader's own and the one chosen are offered. */
export function AudienceSelect({ value, onChange }: { value: string; onChange: (audience: string) => void }) {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const words = useAudienceWords();
  const choices = new Set(["public", "signed_in", ...(me?.network ? [`network:${me.network}`] : []), value]);
  return (
    <NativeSelect
      label={t("channels.audience")}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      data={[...choices].map((audience) => ({ value: audience, label: words(audience) }))}
    />
  );
}
