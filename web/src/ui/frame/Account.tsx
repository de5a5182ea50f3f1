import { Button, Menu } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconChevronDown, IconKey, IconLogout } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useAct, useMe } from "../../api/hooks";

/** Sign in, or who is signed in. */
export function Account() {
  const { t } = useTranslation();
  const { data: me } = useMe();
  const [path, go] = useLocation();
  const client = useQueryClient();
  const act = useAct();
  if (!me) return null;
  if (!me.person) {
    if (path === "/sign-in") return null;
    return (
      <Button component={Link} href={`/sign-in?next=${encodeURIComponent(path)}`} variant="default">
        {t("nav.sign_in")}
      </Button>
    );
  }
  const leave = async () => {
    await act.mutateAsync({ method: "DELETE", path: "/session" });
    client.clear();
    go("/");
  };
  return (
    <Menu>
      <Menu.Target>
        <Button variant="subtle" color="var(--ink)" px={12} rightSection={<IconChevronDown size={18} aria-hidden />}>
          {me.person.display_name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href="/password" leftSection={<IconKey size={18} aria-hidden />}>
          {t("account.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden />} onClick={() => void leave()}>
          {t("nav.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
