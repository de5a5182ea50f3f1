import { ActionIcon } from "@mantine/core";
import { IconMenu2, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useMe } from "../../api/hooks";
import { Account } from "./Account";
import styles from "./Header.module.css";
import { LanguageButton } from "./LanguageButton";
import { NoticesLink } from "./NoticesLink";

/** The strip at the top of every page. */
export function Header() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const [openAt, setOpenAt] = useState<string | null>(null);
  const { data: me } = useMe();
  const open = openAt === path;
  const works = me && (me.may.operate || me.may.edit || me.may.administer || me.may.audit);
  const places = [
    { to: "/", words: t("nav.home"), here: path === "/" },
    { to: "/live", words: t("nav.live"), here: path.startsWith("/live") },
    ...(me?.person ? [{ to: "/meetings", words: t("nav.meetings"), here: path.startsWith("/meetings") }] : []),
    ...(me?.person ? [{ to: "/rooms", words: t("nav.rooms"), here: path.startsWith("/rooms") }] : []),
    ...(works ? [{ to: "/ops", words: t("nav.work"), here: path.startsWith("/ops") }] : []),
  ];
  return (
    <header className={styles.header}>
      <a href="#main" className={styles.skip}>
        {t("nav.skip")}
      </a>
      <Link href="/" className={styles.brand}>
        <img src="/icon.svg" width={28} height={28} alt="" />
        {t("brand")}
      </Link>
      <NoticesLink />
      <ActionIcon
        className={styles.menu}
        variant="subtle"
        color="var(--ink)"
        size={44}
        aria-label={t("nav.menu")}
        aria-expanded={open}
        aria-controls="menu"
        onClick={() => setOpenAt(open ? null : path)}
      >
        {open ? <IconX /> : <IconMenu2 />}
      </ActionIcon>
      <div id="menu" className={styles.rest} data-open={open || undefined}>
        <nav className={styles.nav} aria-label={t("nav.label")}>
          {places.map(({ to, words, here }) => (
            <Link key={to} href={to} aria-current={here ? "page" : undefined}>
              {words}
            </Link>
          ))}
        </nav>
        <div className={styles.end}>
          <LanguageButton />
          <Account />
        </div>
      </div>
    </header>
  );
}
