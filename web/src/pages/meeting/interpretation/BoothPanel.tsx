import { Button, NativeSelect } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConducting } from "../Conducting";
import type { Shown, VenueId } from "../model";
import { BoothLevel } from "./BoothLevel";
import styles from "./Interpretation.module.css";
import { nameFor, ownName } from "./languages";
import type { BoothState } from "./useBooth";

interface Props {
  booth: BoothState;
  shown: Shown;
  me: VenueId;
}

/** The interpreter's place: on air or not, in which language, who has the floor, and colleagues. */
export function BoothPanel({ booth, shown, me }: Props) {
  const { t, i18n } = useTranslation();
  const { run, title } = useConducting();
  const [wanted, setWanted] = useState<string | null>(null);
  const language = booth.onAir ?? booth.mine.find((each) => each.offered === me)?.language ?? booth.mine.find((each) => each.language === wanted)?.language ?? booth.mine[0]?.language;
  const here = booth.mine.find((each) => each.language === language);
  if (!here || language === undefined) return null;
  const isOn = booth.onAir === language;
  const isAsked = here.offered === me;
  const colleagues = here.interpreters.filter((venue) => venue !== me);
  const speaker = shown.floor.holders.at(-1) ?? shown.on_screen;
  const press = () => void run({ act: "interpret", language, on: !isOn });
  const name = nameFor(language, i18n.language);
  return (
    <section className={styles.booth} aria-label={t("interpret.booth")} data-booth={language} data-on-air={isOn || undefined}>
      <div className={styles.booth_head}>
        <h2>{t("interpret.into", { language: name })}</h2>
        <strong lang={language}>{ownName(language)}</strong>
      </div>
      {booth.mine.length > 1 && !isOn && !isAsked && (
        <NativeSelect aria-label={t("interpret.which")} value={language} data={booth.mine.map((each) => ({ value: each.language, label: `${ownName(each.language)} · ${nameFor(each.language, i18n.language)}` }))} onChange={({ target }) => setWanted(target.value)} />
      )}
      {isAsked && (
        <p className={styles.asked} role="alert">
          {t("interpret.asked", { name: title(here.on_air) })}
        </p>
      )}
      <button type="button" className={styles.switch} aria-pressed={isOn} onClick={press} data-do="interpret" aria-keyshortcuts="B">
        <IconBroadcast size={28} aria-hidden />
        {t(isOn ? "interpret.on" : isAsked || (here.on_air && here.on_air !== me) ? "interpret.take_over" : "interpret.start")}
      </button>
      {isOn && <BoothLevel track={booth.track} />}
      <p className={styles.also}>
        {isOn ? t("interpret.stop_hint") : here.on_air ? t("interpret.colleague_on", { name: title(here.on_air) }) : t("interpret.off")}
      </p>
      <p data-speaker={speaker ?? ""}>{speaker ? t("interpret.speaks", { name: title(speaker) }) : t("interpret.nobody_speaks")}</p>
      {isOn && colleagues.length > 0 && (
        <ul className={styles.colleagues}>
          {colleagues.map((venue) => (
            <li key={venue}>
              <span>{title(venue)}</span>
              <Button variant="default" aria-pressed={here.offered === venue} onClick={() => void run({ act: "offer_interpreting", language, to: here.offered === venue ? null : venue })} data-offer={venue}>
                {t(here.offered === venue ? "interpret.offered" : "interpret.offer")}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
