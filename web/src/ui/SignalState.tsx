import { useTranslation } from "react-i18next";

import type { Signal } from "../api/model";
import { State, type Tone } from "./State";

const TONES: Record<Signal["state"], Tone> = { ok: "ok", starting: "warn", missing: "bad", error: "bad", off: "off" };

export function SignalState({ signal }: { signal: Signal }) {
  const { t } = useTranslation();
  if (signal.scrambled && signal.state === "ok") return <State tone="bad">{t("signal.scrambled")}</State>;
  return <State tone={TONES[signal.state]}>{t(`signal.${signal.state}`)}</State>;
}
