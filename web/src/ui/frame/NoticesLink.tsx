import { IconBell } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useGet, useMe } from "../../api/hooks";
import styles from "./Header.module.css";

const AGAIN_MS = 60_000;
/** More than that is many. */
const MANY = 99;

/** The way to one's notices, with how many are new. */
export function NoticesLink() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const { data: me } = useMe();
  const signedIn = me?.person != null;
  const unread = useGet<{ count: number }>("/notices/unread", { every: AGAIN_MS, enabled: signedIn });
  if (!signedIn) return null;
  const count = unread.data?.count ?? 0;
  const words = count === 0 ? t("notices.title") : `${t("notices.title")}, ${t("notices.unread", { count })}`;
  return (
    <Link href="/notices" className={styles.bell} aria-label={words} title={words} aria-current={path === "/notices" ? "page" : undefined} data-unread={count}>
      <IconBell aria-hidden />
      {count > 0 && (
        <span className={styles.count} aria-hidden>
          {count > MANY ? `${MANY}+` : count}
        </span>
      )}
    </Link>
  );
}
