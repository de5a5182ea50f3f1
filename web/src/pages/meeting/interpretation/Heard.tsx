import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Sounds } from "../../room/stage/Sounds";
import type { View } from "../../room/view";
import styles from "./Interpretation.module.css";
import { nameFor } from "./languages";
import type { Listening } from "./useListening";

/** All that is heard: the floor, and in a chosen language the interpreter with the floor softly beneath. */
export function Heard({ view, listening }: { view: View; listening: Listening }) {
  const { language, floor, context } = listening;
  const voices = view.voices.flatMap((voice) => (voice.language === language && voice.track ? [voice.track] : []));
  return (
    <>
      <Sounds tracks={view.sounds} gain={floor} context={context} />
      <Sounds tracks={voices} context={context} />
    </>
  );
}

/** What one hears now, so that nobody wonders why it changed. */
export function HeardWords({ listening }: { listening: Listening }) {
  const { t, i18n } = useTranslation();
  const { language, isInterpreted } = listening;
  if (language === null) return null;
  const hears = isInterpreted ? "interpreter" : "floor";
  return (
    <p className={styles.heard} role="status" data-hears={hears} data-language={language}>
      <IconLanguage size={20} aria-hidden />
      {t(`interpret.hears.${hears}`, { language: nameFor(language, i18n.language) })}
    </p>
  );
}
