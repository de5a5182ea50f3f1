import { Button, NumberInput } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { IconButton } from "../../../player/IconButton";
import { Counts } from "../Counts";
import { useConducting } from "../Conducting";
import type { Ballot } from "../model";
import styles from "./Ballot.module.css";

interface Props {
  ballot: Ballot;
  /** How many people sit here, as far as one said. */
  headcount: number | null;
}

/** A vote or sign-in that is under way. It stands beside the picture and can be put away, so that nobody misses the speaker for it. */
export function BallotBox({ ballot, headcount }: Props) {
  const { t } = useTranslation();
  const [away, setAway] = useState(false);
  const [done, setDone] = useState<number | null>(null);
  if (away) {
    return (
      <Button variant="default" onClick={() => setAway(false)} data-ballot="away">
        {t("hall.ballot.open", { title: ballot.title })}
      </Button>
    );
  }
  return (
    <section className={styles.box} role="dialog" aria-label={ballot.title} data-ballot={ballot.kind}>
      <div className={styles.head}>
        <h2>{ballot.title}</h2>
        <IconButton label={t("hall.ballot.put_away")} onClick={() => setAway(true)}>
          <IconX />
        </IconButton>
      </div>
      {ballot.kind === "vote" ? <Options ballot={ballot} done={done} onDone={setDone} /> : <SignIn headcount={headcount} done={done !== null} onDone={() => setDone(0)} />}
      <p className={styles.hint}>{t(ballot.kind === "vote" ? "hall.ballot.voted" : "hall.ballot.signed", { count: ballot.voted })}</p>
    </section>
  );
}

function Options({ ballot, done, onDone }: { ballot: Ballot; done: number | null; onDone: (choice: number) => void }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const cast = async (choice: number) => {
    if (await run({ act: "cast", choice })) onDone(choice);
  };
  return (
    <>
      <p className={styles.hint}>{t(ballot.is_secret ? "hall.ballot.secret" : "hall.ballot.public")}</p>
      <div className={styles.options} role="group" aria-label={ballot.title}>
        {ballot.options.map((option, choice) => (
          <Button key={choice} size="lg" variant="default" className={done === choice ? styles.chosen : undefined} leftSection={done === choice && <IconCheck size={20} aria-hidden />} aria-pressed={done === choice} onClick={() => void cast(choice)} data-choice={choice}>
            {option}
          </Button>
        ))}
      </div>
      {done !== null && (
        <>
          <p role="status">{t("hall.ballot.may_change")}</p>
          {!ballot.is_secret && <Counts ballot={ballot} />}
        </>
      )}
    </>
  );
}

function SignIn({ headcount, done, onDone }: { headcount: number | null; done: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const { run } = useConducting();
  const [people, setPeople] = useState<number | string>(headcount ?? 1);
  const sign = async () => {
    if (await run({ act: "sign_in", headcount: typeof people === "number" ? people : null })) onDone();
  };
  return (
    <form
      className={styles.sign}
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      <NumberInput label={t("hall.ballot.headcount")} value={people} onChange={setPeople} min={1} max={100000} allowDecimal={false} allowNegative={false} hideControls />
      <Button type="submit" color="accent" size="lg" data-sign-in>
        {t(done ? "hall.ballot.sign_again" : "hall.ballot.sign_in")}
      </Button>
      {done && <p role="status">{t("hall.ballot.sign_done")}</p>}
    </form>
  );
}
