import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LinesSkeleton } from "../../../ui/Loaded";

/** On the way in. */
export function Connecting({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("room.connecting")}>
      <h1>{t("room.connecting")}</h1>
      <LinesSkeleton lines={3} />
      <Button variant="default" onClick={onCancel}>
        {t("act.cancel")}
      </Button>
    </div>
  );
}
