import { useTranslation } from "react-i18next";

import { half } from "../../../api/problem";
import styles from "./Papers.module.css";
import type { Under } from "./useBringing";

/** Files on their way, and those that did not get through. */
export function UnderWay({ under }: { under: readonly Under[] }) {
  const { t, i18n } = useTranslation();
  if (under.length === 0) return null;
  return (
    <ul className={styles.under} aria-live="polite">
      {under.map(({ name, part, problem }, at) => (
        <li key={at} data-failed={problem !== null || undefined}>
          <span>{name}</span>
          {problem ? <span role="alert">{problem.detail === "" ? t("hall.not_sent") : half(problem.detail, i18n.language)}</span> : <progress max={1} value={part} aria-label={name} />}
        </li>
      ))}
    </ul>
  );
}
