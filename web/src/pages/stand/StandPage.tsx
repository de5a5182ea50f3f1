import "../../ui/mantine_forms.css";

import { useEffect, useState } from "react";

import { AskProvider } from "../../ui/Ask";
import { LinesSkeleton } from "../../ui/Loaded";
import { Store } from "../room/store";
import { Pairing } from "./Pairing";
import { Ready } from "./Ready";
import { openSecond, otherScreen, type Second, SecondContext, type Wanted, wantedIn } from "./second";
import { SlidesWindow } from "./SlidesWindow";
import styles from "./Stand.module.css";
import { useStand } from "./useStand";

/** A venue's computer: shows a code until it is paired, then stands ready, rings, and goes into meetings by itself. */
export default function StandPage() {
  const [wanted] = useState(() => wantedIn(window.location.search));
  if (wanted === "slides") return <SlidesWindow />;
  return (
    <AskProvider>
      <First wanted={wanted} />
    </AskProvider>
  );
}

function First({ wanted }: { wanted: Wanted }) {
  const [standing, again] = useStand();
  const venue = standing.kind === "ready" ? standing.view.venue_title : null;
  const second = useSecondWindow(venue, wanted);
  switch (standing.kind) {
    case "loading":
      return (
        <div className={styles.stand} data-stand="loading">
          <LinesSkeleton lines={3} />
        </div>
      );
    case "unpaired":
      return <Pairing onPaired={again} />;
    case "ready":
      return (
        <SecondContext value={second}>
          <Ready view={standing.view} stale={standing.stale} />
        </SecondContext>
      );
  }
}

/** Opens the second screen's window when the venue is known, and closes it with this one. */
function useSecondWindow(venue: string | null, wanted: Wanted): Store<Second> | null {
  const [second, setSecond] = useState<Store<Second> | null>(null);
  const isKnown = venue !== null;
  useEffect(() => {
    if (!isKnown || wanted === "one") return undefined;
    let gone = false;
    let opened: Window | null = null;
    const close = () => opened?.close();
    void otherScreen().then((place) => {
      if (gone || (!place && wanted !== "speaker")) return;
      const store = new Store<Second>({ venue: "", slides: null });
      window.yizhanSecond = store;
      opened = openSecond(place);
      if (opened) setSecond(store);
    });
    window.addEventListener("pagehide", close);
    return () => {
      gone = true;
      window.removeEventListener("pagehide", close);
      close();
      setSecond(null);
    };
  }, [isKnown, wanted]);
  useEffect(() => second?.set({ ...second.now, venue: venue ?? "" }), [second, venue]);
  return second;
}
