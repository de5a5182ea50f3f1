import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../api/hooks";
import type { Me } from "../api/model";
import { Empty } from "./Empty";
import { Loaded } from "./Loaded";

type May = keyof Me["may"];

/** Shows a page to those who may use it, and tells the others why not. The server decides again at each request. */
export function Need({ may, children }: { may?: May[]; children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Loaded of={me}>
      {({ person, may: can }) => {
        if (!person) {
          const to = `/sign-in?next=${encodeURIComponent(window.location.pathname)}`;
          return <Empty title={t("common.sign_in_first")} hint={t("common.sign_in_first_hint")} to={to} toLabel={t("nav.sign_in")} />;
        }
        if (may && !may.some((right) => can[right])) return <Empty title={t("common.not_allowed")} hint={t("common.not_allowed_hint")} to="/" toLabel={t("common.go_home")} />;
        return children;
      }}
    </Loaded>
  );
}
