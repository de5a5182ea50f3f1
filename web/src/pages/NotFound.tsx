import { useTranslation } from "react-i18next";

import { Empty } from "../ui/Empty";
import { useTitle } from "../ui/PageHead";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("common.not_found"));
  return (
    <>
      <h1 className="for-readers">{t("common.not_found")}</h1>
      <Empty title={t("common.not_found")} hint={t("common.not_found_hint")} to="/" toLabel={t("common.go_home")} />
    </>
  );
}
