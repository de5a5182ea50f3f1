import { MantineProvider } from "@mantine/core";
import { lazy, Suspense } from "react";
import { Route, Switch, useLocation } from "wouter";

import styles from "./App.module.css";
import { Front } from "./pages/front/Front";
import { Calls } from "./pages/joining/Calls";
import { NotFound } from "./pages/NotFound";
import { Broken } from "./ui/frame/Broken";
import { Header } from "./ui/frame/Header";
import { LinesSkeleton } from "./ui/Loaded";
import { Need } from "./ui/Need";
import { NoticeProvider } from "./ui/Notice";
import { theme } from "./ui/theme";

// The front page comes with the first load; the player and the operators' pages when they are opened.
const Watch = lazy(() => import("./pages/watch/Watch"));
const Live = lazy(() => import("./pages/live/Live"));
const ColumnPage = lazy(() => import("./pages/column/ColumnPage"));
const SignIn = lazy(() => import("./pages/session/SignIn"));
const Rooms = lazy(() => import("./pages/room/Rooms"));
const RoomPage = lazy(() => import("./pages/room/RoomPage"));
const Meetings = lazy(() => import("./pages/meetings/Meetings"));
const NewMeeting = lazy(() => import("./pages/meetings/NewMeeting"));
const ChangeMeeting = lazy(() => import("./pages/meetings/ChangeMeeting"));
const MeetingOverview = lazy(() => import("./pages/meetings/MeetingOverview"));
const Notices = lazy(() => import("./pages/notices/Notices"));
const After = lazy(() => import("./pages/meetings/after/After"));
const MeetingPage = lazy(() => import("./pages/meeting/MeetingPage"));
const DeskPage = lazy(() => import("./pages/meeting/desk/DeskPage"));
const Join = lazy(() => import("./pages/joining/Join"));
const GuestPage = lazy(() => import("./pages/joining/GuestPage"));
const StandPage = lazy(() => import("./pages/stand/StandPage"));
const Stands = lazy(() => import("./pages/ops/stands/Stands"));
const Password = lazy(() => import("./pages/session/Password"));
const Ops = lazy(() => import("./pages/ops/Ops"));

/** Light by day, dark where pictures are. */
function schemeOf(path: string): "light" | "dark" {
  return /^\/((watch|live|guest|stand)(\/|$)|rooms\/.|meetings\/[^/]+\/(join|room|desk)$)/.test(path) ? "dark" : "light";
}

/** The check before and the venue itself are one page: the way from one to the other keeps its state. */
const MEETING = /^\/meetings\/(?<part>[^/]+)\/(?:join|room)$/;

export function App() {
  const [path] = useLocation();
  return (
    <MantineProvider theme={theme} forceColorScheme={schemeOf(path)} withCssVariables={false} withGlobalClasses={false}>
      <NoticeProvider>
        {path !== "/stand" && <Header />}
        <Calls />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Broken key={path.replace(/\/room$/, "/join")}>
            <Suspense fallback={<LinesSkeleton />}>
              <Switch>
                <Route path="/" component={Front} />
                <Route path="/watch/:id">{({ id }) => <Watch key={id} id={id} />}</Route>
                <Route path="/live/:channel?">{({ channel }) => <Live channel={channel} />}</Route>
                <Route path="/columns/:id">{({ id }) => <ColumnPage id={id} />}</Route>
                <Route path="/meetings" component={Meetings} />
                <Route path="/meetings/new" component={NewMeeting} />
                <Route path="/notices" component={Notices} />
                <Route path="/meetings/:meeting/change">{({ meeting }) => <ChangeMeeting key={meeting} part={meeting} />}</Route>
                <Route path="/meetings/:meeting">{({ meeting }) => <MeetingOverview key={meeting} part={meeting} />}</Route>
                <Route path="/meetings/venues">
                  <Need>
                    <Stands />
                  </Need>
                </Route>
                <Route path="/join" component={Join} />
                <Route path="/guest" component={GuestPage} />
                <Route path="/stand" component={StandPage} />
                <Route path="/rooms" component={Rooms} />
                <Route path="/rooms/:room">{({ room }) => <RoomPage key={room} part={room} />}</Route>
                <Route path={MEETING}>{({ part }: { part: string }) => <MeetingPage key={part} part={part} />}</Route>
                <Route path="/meetings/:meeting/desk">{({ meeting }) => <DeskPage key={meeting} part={meeting} />}</Route>
                <Route path="/meetings/:meeting/after/:part?">{({ meeting, part }) => <After key={meeting} id={meeting} part={part} />}</Route>
                <Route path="/sign-in" component={SignIn} />
                <Route path="/password" component={Password} />
                <Route path="/ops/*?" component={Ops} />
                <Route component={NotFound} />
              </Switch>
            </Suspense>
          </Broken>
        </main>
      </NoticeProvider>
    </MantineProvider>
  );
}
