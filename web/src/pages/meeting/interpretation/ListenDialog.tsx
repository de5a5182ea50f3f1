import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { Dialog } from "../../../ui/Dialog";
import { useConducting } from "../Conducting";
import styles from "./Interpretation.module.css";
import { nameFor, ownName } from "./languages";
import type { Listening } from "./useListening";

interface Props {
  listening: Listening;
  opened: boolean;
  onClose: () => void;
}

/** The choice of what is heard: the floor, or a language with the floor softly beneath. */
export function ListenDialog({ listening, opened, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const { title } = useConducting();
  const { offered, language, beneath, choose } = listening;
  const choices = [null, ...offered.map((each) => each.language)];
  return (
    <Dialog title={t("interpret.listen")} opened={opened} onClose={onClose}>
      <div className={styles.choices} role="radiogroup" aria-label={t("interpret.listen")}>
        {choices.map((tag) => {
          const interpreted = offered.find((each) => each.language === tag);
          const state = tag === null ? t("interpret.floor_hint") : interpreted?.on_air ? t("interpret.by", { name: title(interpreted.on_air) }) : t("interpret.nobody");
          return (
            <button key={tag ?? ""} type="button" role="radio" aria-checked={language === tag} className={styles.choice} onClick={() => choose({ language: tag })} data-listen={tag ?? "floor"}>
              <span className={styles.names}>
                <strong lang={tag ?? undefined}>{tag === null ? t("interpret.floor") : ownName(tag)}</strong>
                {tag !== null && <span className={styles.also}>{nameFor(tag, i18n.language)}</span>}
                <span className={styles.also}>{state}</span>
              </span>
              {language === tag && <IconCheck size={22} aria-hidden />}
            </button>
          );
        })}
      </div>
      <label className={styles.mix}>
        <span>{t("interpret.beneath", { percent: Math.round(beneath * 100) })}</span>
        <input type="range" min={0} max={100} step={5} value={Math.round(beneath * 100)} disabled={language === null} onChange={({ target }) => choose({ beneath: Number(target.value) / 100 })} data-beneath />
        <span className={styles.also}>{t("interpret.falls_back")}</span>
      </label>
    </Dialog>
  );
}
