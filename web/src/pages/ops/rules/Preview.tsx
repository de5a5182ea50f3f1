import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { call } from "../../../api/client";
import type { Preview as Found, RuleDraft } from "../../../api/model";
import type { ApiProblem } from "../../../api/problem";
import { Loaded } from "../../../ui/Loaded";
import { useHalf, useTimeWords } from "../../../ui/words";
import { canPreview } from "./draft";
import styles from "./Rules.module.css";

/** What the rule would take this week, as it is being typed. */
export function Preview({ draft }: { draft: RuleDraft }) {
  const { t } = useTranslation();
  const { say, exact } = useTimeWords();
  const half = useHalf();
  const [settled] = useDebouncedValue(draft, 400);
  const able = canPreview(settled);
  const preview = useQuery<Found, ApiProblem>({
    queryKey: ["/rules/preview", settled],
    queryFn: ({ signal }) => call<Found>("POST", "/rules/preview", settled, signal),
    enabled: able,
    placeholderData: keepPreviousData,
  });
  return (
    <section className={styles.preview} aria-labelledby="preview" aria-live="polite">
      <h3 id="preview">{t("rules.preview")}</h3>
      {!able ? (
        <p className={styles.quiet}>{t("rules.preview_wait")}</p>
      ) : (
        <Loaded of={preview}>
          {({ items, warning }) => (
            <>
              <p className={items.length === 0 ? styles.warning : styles.quiet}>{items.length === 0 ? t("rules.preview_none") : t("rules.preview_count", { count: items.length })}</p>
              {warning && items.length > 0 && <p className={styles.warning}>{half(warning)}</p>}
              {items.length === 0 && <p className={styles.quiet}>{t("rules.preview_none_hint")}</p>}
              <ul tabIndex={0} aria-labelledby="preview">
                {items.map(({ event, channel, title, start }) => (
                  <li key={`${channel} ${event}`}>
                    <time title={exact(start)}>{say(start)}</time>
                    <span>{title}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Loaded>
      )}
    </section>
  );
}
