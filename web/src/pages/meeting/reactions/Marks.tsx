import { IconConfetti, IconEarOff, IconHelpCircle, IconHourglassHigh, IconThumbUp } from "@tabler/icons-react";
import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Marks.module.css";
import { type Reaction, type Shown, tally } from "./reactions";

export const ICONS = { applause: IconConfetti, agree: IconThumbUp, question: IconHelpCircle, unheard: IconEarOff, slower: IconHourglassHigh };

const NOBODY: Shown = new Map();
const Context = createContext<Shown>(NOBODY);
export const ReactionsShown = Context.Provider;

/** The mark that somebody shows, beside the name; never a sound, never over a face. */
export function Mark({ of }: { of: string }) {
  const { t } = useTranslation();
  const reaction = useContext(Context).get(of);
  if (!reaction) return null;
  const Icon = ICONS[reaction];
  return <Icon className={styles.mark} size={20} role="img" aria-label={t(`react.${reaction}`)} data-reaction={reaction} />;
}

/** What all show together: who is not on the page is counted, too. */
export function Tally() {
  const { t } = useTranslation();
  const shown = useContext(Context);
  return (
    <div role="status" aria-label={t("react.all")}>
      <ul className={styles.tally}>
        {tally(shown).map(({ reaction, count }: { reaction: Reaction; count: number }) => {
          const Icon = ICONS[reaction];
          return (
            <li key={reaction} data-tally={reaction}>
              <Icon size={20} aria-hidden />
              {t(`react.${reaction}`)} <span className="numbers">{count}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
