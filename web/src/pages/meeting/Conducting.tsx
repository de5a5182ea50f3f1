import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem, asProblem, half } from "../../api/problem";
import { type Acting, command } from "./api";
import styles from "./Conducting.module.css";
import type { Command, VenueId } from "./model";
import { named } from "./words";

interface Conducting {
  /** Does it; a refusal is shown, and answered with false. */
  run: (done: Command) => Promise<boolean>;
  /** Does it for a dialog, which shows a refusal itself. */
  dare: (done: Command) => Promise<void>;
  title: (venue: VenueId | null) => string;
}

const Context = createContext<Conducting>({ run: () => Promise.resolve(false), dare: () => Promise.resolve(), title: (venue) => venue ?? "" });

interface Props {
  meeting: string;
  acting: Acting;
  titles: ReadonlyMap<VenueId, string>;
  children: ReactNode;
}

/** Commands to the meeting, and a place where the server's refusals are read. */
export function ConductProvider({ meeting, acting, titles, children }: Props) {
  const { t, i18n } = useTranslation();
  const [refused, setRefused] = useState<ApiProblem | null>(null);
  const dare = useCallback(
    async (done: Command) => {
      try {
        await command(meeting, acting, done);
      } catch (thrown) {
        const problem = asProblem(thrown);
        throw new ApiProblem({ ...problem, detail: named(problem.detail, titles) }, problem.retryAfterSeconds);
      }
    },
    [meeting, acting, titles],
  );
  const run = useCallback(
    (done: Command) =>
      dare(done).then(
        () => {
          setRefused(null);
          return true;
        },
        (thrown: unknown) => {
          setRefused(asProblem(thrown));
          return false;
        },
      ),
    [dare],
  );
  const value = useMemo(() => ({ run, dare, title: (venue: VenueId | null) => (venue === null ? "" : (titles.get(venue) ?? venue)) }), [run, dare, titles]);
  const words = refused && (refused.status === 0 || refused.detail === "" ? t("hall.not_sent") : half(refused.detail, i18n.language));
  return (
    <Context value={value}>
      {children}
      <div className={styles.place} aria-live="assertive">
        {words && (
          <p className={styles.refused} role="alert" data-refused={refused.code}>
            {words}
            <button type="button" onClick={() => setRefused(null)}>
              {t("hall.understood")}
            </button>
          </p>
        )}
      </div>
    </Context>
  );
}

export function useConducting(): Conducting {
  return useContext(Context);
}
