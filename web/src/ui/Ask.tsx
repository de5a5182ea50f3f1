import { Button } from "@mantine/core";
import { createContext, useCallback, useContext, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Dialog } from "./Dialog";
import { ProblemBox } from "./ProblemBox";

interface Question {
  /** What will happen, as a question. */
  question: string;
  /** The word on the button that does it. */
  act: string;
  run: () => Promise<unknown>;
}

const AskContext = createContext<(question: Question) => void>(() => undefined);

/** Dangerous acts ask once, and say in the same window when they fail. */
export function AskProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const close = useCallback(() => setAsked(null), []);
  const ask = useCallback((question: Question) => {
    setError(null);
    setAsked(question);
  }, []);
  const run = async () => {
    if (!asked) return;
    setBusy(true);
    try {
      await asked.run();
      close();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AskContext value={ask}>
      {children}
      <Dialog title={asked?.act ?? ""} opened={asked !== null} onClose={close}>
        <p>{asked?.question}</p>
        {error !== null && <ProblemBox error={error} />}
        <div className="dialog-acts">
          <Button variant="default" onClick={close} data-autofocus>
            {t("act.cancel")}
          </Button>
          <Button color="accent" loading={busy} onClick={() => void run()}>
            {asked?.act}
          </Button>
        </div>
      </Dialog>
    </AskContext>
  );
}

export function useAsk() {
  return useContext(AskContext);
}
