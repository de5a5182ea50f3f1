import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { asProblem, problemWords } from "../api/problem";
import { CopyButton } from "./CopyButton";
import styles from "./ProblemBox.module.css";

interface Props {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong, why, and what to do; the technical part folds out and can be copied. */
export function ProblemBox({ error, onRetry }: Props) {
  const { t, i18n } = useTranslation();
  const problem = asProblem(error);
  const { what, reason, next } = problemWords(problem, i18n.language, i18n.t as never, (key) => i18n.exists(key));
  const technical = `${problem.code} (${problem.status})\n${problem.detail}\n${t("problem.id")}: ${problem.instance || "-"}`;
  return (
    <div className={styles.box} role="alert">
      <p className={styles.what}>{what}</p>
      {reason && <p>{reason}</p>}
      <p>{next}</p>
      <div className={styles.foot}>
        {onRetry && (
          <Button variant="default" onClick={onRetry}>
            {t("act.retry")}
          </Button>
        )}
        <details>
          <summary>{t("act.details")}</summary>
          <pre>{technical}</pre>
          <CopyButton text={technical} />
        </details>
      </div>
    </div>
  );
}
