import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useTitle } from "../../ui/PageHead";
import { beginPairing, CLAIM_MS, claimPairing, type PairingCode } from "./api";
import { runs } from "./runs";
import styles from "./Stand.module.css";

/** A code in large figures, until somebody has typed it; shows another when its time is over or the server was restarted. */
export function Pairing({ onPaired }: { onPaired: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState<PairingCode | null>(null);
  const [offline, setOffline] = useState(false);
  useTitle(t("stand.pair_title"));
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout>;
    let shown: PairingCode | null = null;
    const round = async () => {
      try {
        if (!shown) {
          const begun = await beginPairing(await runs());
          if (gone) return;
          shown = begun;
          setCode(begun);
        } else {
          const { state } = await claimPairing(shown.secret);
          if (gone) return;
          if (state === "paired") return onPaired();
          if (state === "ended") shown = null;
        }
        setOffline(false);
      } catch {
        if (gone) return;
        setOffline(true);
      }
      timer = setTimeout(() => void round(), CLAIM_MS);
    };
    void round();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [onPaired]);
  const digits = code?.code ?? "";
  return (
    <div className={styles.stand} data-stand="unpaired">
      <div className={styles.pairing}>
        <h1>{t("stand.pair_title")}</h1>
        <p className={styles.hint}>{t("stand.pair_hint")}</p>
        <p className={styles.code} data-code={digits} aria-label={[...digits].join(" ")}>
          <span>{digits.slice(0, 4)}</span>
          <span>{digits.slice(4)}</span>
        </p>
        <p className={styles.hint}>{t("stand.pair_again")}</p>
        {offline && (
          <p className={styles.offline} role="status">
            {t("stand.offline")}
          </p>
        )}
      </div>
    </div>
  );
}
