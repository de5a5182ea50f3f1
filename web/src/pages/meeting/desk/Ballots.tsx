import { Button, Checkbox, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";

import { useTimeWords } from "../../../ui/words";
import { useConducting } from "../Conducting";
import { Counts } from "../Counts";
import type { Conduct } from "../model";
import styles from "./Tools.module.css";

/** Votes and sign-ins: the one under way with its counts, how to begin one, those that were. */
export function Ballots({ conduct }: { conduct: Conduct }) {
  const { t } = useTranslation();
  const { clock } = useTimeWords();
  const { run } = useConducting();
  const { ballot } = conduct.shown;
  const here = conduct.venues.filter(({ presence }) => presence.is === "in").length;
  return (
    <>
      {ballot ? (
        <section className={styles.running} data-ballot-running>
          <h3>{ballot.title}</h3>
          <p className={styles.none}>{t("desk.ballot.voted", { voted: ballot.voted, here })}</p>
          <Counts ballot={ballot} />
          <Button color="accent" onClick={() => void run({ act: "end_ballot" })} data-do="end_ballot">
            {t("desk.ballot.end")}
          </Button>
        </section>
      ) : (
        <Begin />
      )}
      {conduct.past_ballots.length > 0 && <h3>{t("desk.ballot.past")}</h3>}
      {[...conduct.past_ballots].reverse().map((past) => (
        <section key={past.begun} className={styles.past} data-ballot-past>
          <p>
            {past.title} <span className={styles.since}>{clock(past.ended ?? past.begun)}</span>
          </p>
          <Counts ballot={past} />
        </section>
      ))}
    </>
  );
}

function Begin() {
  const { t } = useTranslation();
  const { run } = useConducting();
  const [kind, setKind] = useState<"vote" | "sign_in">("vote");
  const [title, setTitle] = useState("");
  const [options, setOptions] = useState(() => t("desk.ballot.usual"));
  const [isSecret, setSecret] = useState(false);
  const begin = async (event: FormEvent) => {
    event.preventDefault();
    const named = options.split("\n").map((option) => option.trim()).filter(Boolean);
    const done = await run(kind === "vote" ? { act: "start_vote", title: title.trim() || t("desk.ballot.vote"), options: named, is_secret: isSecret } : { act: "start_sign_in", title: title.trim() || t("desk.ballot.sign_in") });
    if (done) setTitle("");
  };
  return (
    <form className={styles.running} onSubmit={(event) => void begin(event)}>
      <SegmentedControl
        value={kind}
        onChange={(value) => setKind(value as "vote" | "sign_in")}
        fullWidth
        data={[
          { value: "vote", label: t("desk.ballot.vote") },
          { value: "sign_in", label: t("desk.ballot.sign_in") },
        ]}
      />
      <TextInput label={t("desk.ballot.title")} value={title} maxLength={500} onChange={({ target }) => setTitle(target.value)} data-ballot-title />
      {kind === "vote" && (
        <>
          <Textarea label={t("desk.ballot.options")} value={options} autosize minRows={3} maxRows={10} onChange={({ target }) => setOptions(target.value)} />
          <Checkbox label={t("desk.ballot.secret")} checked={isSecret} onChange={({ target }) => setSecret(target.checked)} />
        </>
      )}
      <Button type="submit" color="accent" data-do="start_ballot">
        {t(kind === "vote" ? "desk.ballot.start_vote" : "desk.ballot.start_sign_in")}
      </Button>
    </form>
  );
}
