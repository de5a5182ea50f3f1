import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useMe } from "../../api/hooks";
import type { Me } from "../../api/model";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";

/** For those who are signed in; the others are told how else one gets into a room. */
export function SignedIn({ children }: { children: (person: NonNullable<Me["person"]>) => ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Loaded of={me}>
      {({ person }) => {
        if (person) return children(person);
        const to = `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search)}`;
        return <Empty title={t("common.sign_in_first")} hint={t("room.sign_in_hint")} to={to} toLabel={t("nav.sign_in")} />;
      }}
    </Loaded>
  );
}
