import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";

import { useMe } from "../../api/hooks";
import { AskProvider } from "../../ui/Ask";
import { LinesSkeleton } from "../../ui/Loaded";
import { Need } from "../../ui/Need";
import { NotFound } from "../NotFound";
import styles from "./Ops.module.css";
import { PLACES } from "./places";

const Duty = lazy(() => import("./status/Duty"));
const Channels = lazy(() => import("./channels/Channels"));
const ChannelPage = lazy(() => import("./channels/ChannelPage"));
const Guide = lazy(() => import("./guide/Guide"));
const Rules = lazy(() => import("./rules/Rules"));
const Jobs = lazy(() => import("./jobs/Jobs"));
const Columns = lazy(() => import("./columns/Columns"));
const Assets = lazy(() => import("./assets/Assets"));
const People = lazy(() => import("./people/People"));
const Numbers = lazy(() => import("./numbers/Numbers"));
const Stands = lazy(() => import("./stands/Stands"));
const Savings = lazy(() => import("./savings/Savings"));
const Tokens = lazy(() => import("./tokens/Tokens"));
const Audit = lazy(() => import("./audit/Audit"));

/** The operators' pages, with their own list of places. */
export default function Ops() {
  return (
    <Need may={["operate", "edit", "administer", "audit"]}>
      <Frame />
    </Need>
  );
}

function Frame() {
  const { t } = useTranslation();
  const [path] = useLocation();
  const { data: me } = useMe();
  const may = me?.may;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the places are a strip that scrolls: the one open is brought into sight.
    const here = nav.current?.querySelector<HTMLElement>("[aria-current]");
    if (nav.current && here) nav.current.scrollLeft = here.offsetLeft - nav.current.clientWidth / 2 + here.clientWidth / 2;
  }, [path, may]);
  if (!may) return null;
  const places = PLACES.filter(({ rights }) => rights.some((right) => may[right]));
  return (
    <AskProvider>
      <div className={styles.frame}>
        <nav ref={nav} className={styles.nav} aria-label={t("ops.nav")}>
          {places.map(({ to, words, icon: Icon }) => (
            <Link key={to} href={to} aria-current={path === to || (to !== "/ops" && path.startsWith(`${to}/`)) ? "page" : undefined}>
              <Icon size={20} stroke={1.75} aria-hidden />
              {t(words)}
            </Link>
          ))}
        </nav>
        <div className={styles.page}>
          <Suspense fallback={<LinesSkeleton />}>
            <Switch>
              <Route path="/ops">{may.operate || !places[0] ? <Duty /> : <Redirect to={places[0].to} replace />}</Route>
              <Route path="/ops/channels" component={Channels} />
              <Route path="/ops/channels/:id">{({ id }) => <ChannelPage key={id} id={id} />}</Route>
              <Route path="/ops/guide" component={Guide} />
              <Route path="/ops/rules" component={Rules} />
              <Route path="/ops/jobs" component={Jobs} />
              <Route path="/ops/columns" component={Columns} />
              <Route path="/ops/assets" component={Assets} />
              <Route path="/ops/people" component={People} />
              <Route path="/ops/numbers" component={Numbers} />
              <Route path="/ops/stands" component={Stands} />
              <Route path="/ops/savings" component={Savings} />
              <Route path="/ops/tokens" component={Tokens} />
              <Route path="/ops/audit" component={Audit} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </div>
      </div>
    </AskProvider>
  );
}
