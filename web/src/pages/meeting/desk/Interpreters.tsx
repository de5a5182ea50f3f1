import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { State } from "../../../ui/State";
import { useConducting } from "../Conducting";
import { LANGUAGES, nameFor, ownName } from "../interpretation/languages";
import type { Conduct } from "../model";
import styles from "./Tools.module.css";

/** Who interprets into which language: named here, and nobody else is heard there. */
export function Interpreters({ conduct }: { conduct: Conduct }) {
  const { t, i18n } = useTranslation();
  const { run, title } = useConducting();
  const { interpretation } = conduct.shown;
  const [venue, setVenue] = useState("");
  const [language, setLanguage] = useState<string>("ug");
  const tags = [...new Set([...LANGUAGES, ...interpretation.map((each) => each.language)])];
  const chosen = venue || (conduct.venues[0]?.id ?? "");
  const label = (tag: string) => `${nameFor(tag, i18n.language)} · ${ownName(tag)}`;
  return (
    <>
      {interpretation.length === 0 && <p className={styles.none}>{t("interpret.desk.none")}</p>}
      {interpretation.map((each) => (
        <section key={each.language} data-language={each.language}>
          <div className={styles.heading}>
            <h3>{label(each.language)}</h3>
            <State tone={each.on_air ? "live" : "off"}>{each.on_air ? t("interpret.by", { name: title(each.on_air) }) : t("interpret.nobody")}</State>
          </div>
          <ul className={styles.list}>
            {each.interpreters.map((interpreter) => (
              <li key={interpreter} className={styles.item} data-interpreter={interpreter}>
                <span className={styles.name}>{title(interpreter)}</span>
                <Button variant="default" onClick={() => void run({ act: "set_interpreter", venue: interpreter, language: each.language, named: false })} aria-label={t("interpret.desk.remove_named", { name: title(interpreter), language: label(each.language) })}>
                  {t("interpret.desk.remove")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <section className={styles.running}>
        <h3>{t("interpret.desk.name_one")}</h3>
        <NativeSelect label={t("interpret.desk.language")} value={language} data={tags.map((tag) => ({ value: tag, label: label(tag) }))} onChange={({ target }) => setLanguage(target.value)} data-set="language" />
        <NativeSelect label={t("interpret.desk.venue")} value={chosen} data={conduct.venues.map(({ id, title: name }) => ({ value: id, label: name }))} onChange={({ target }) => setVenue(target.value)} data-set="interpreter" />
        <Button variant="default" disabled={chosen === ""} onClick={() => void run({ act: "set_interpreter", venue: chosen, language, named: true })} data-do="set_interpreter">
          {t("interpret.desk.name")}
        </Button>
      </section>
    </>
  );
}
