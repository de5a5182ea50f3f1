import "../../ui/mantine_forms.css";

import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { PageHead } from "../../ui/PageHead";
import { ProblemBox } from "../../ui/ProblemBox";
import { useTimeWords } from "../../ui/words";
import { SignedIn } from "../room/SignedIn";
import { type Reached, reach } from "./api";
import styles from "./Join.module.css";
import { typed } from "./typed";

const joinPath = (id: string) => `/meetings/${encodeURIComponent(id)}/join`;

/** One field for a number or a link. Guests' links lead on without an account. */
export default function Join() {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <>
      <PageHead title={t("join.title")} hint={t("join.hint")} />
      <SignedIn>{() => <ByNumber key={path} />}</SignedIn>
    </>
  );
}

function ByNumber() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const [badLink, setBadLink] = useState(false);
  const [found, setFound] = useState<Reached | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = typed(text, window.location.origin);
    setRefused(null);
    setFound(null);
    setBadLink(wanted.kind === "bad_link");
    if (wanted.kind === "path") navigate(wanted.path);
    if (wanted.kind !== "number") return;
    setBusy(true);
    try {
      const reached = await reach(wanted.number);
      const [only] = reached.meetings;
      if (reached.kind === "meeting" && only) navigate(joinPath(only.id));
      else setFound(reached);
    } catch (thrown) {
      setRefused(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextInput className={styles.field} label={t("join.field")} value={text} onChange={({ target }) => setText(target.value)} inputMode="text" autoComplete="off" error={badLink && t("join.bad_link")} data-autofocus ref={(input) => input?.focus({ preventScroll: true })} />
        <Button type="submit" color="accent" size="xl" loading={busy} disabled={text.trim() === ""}>
          {t("join.go")}
        </Button>
      </form>
      {refused !== null && (
        <div className={styles.found}>
          <ProblemBox error={refused} />
        </div>
      )}
      {found && <Found reached={found} />}
    </>
  );
}

/** A venue or a person, with their meetings of now. */
function Found({ reached: { title, unit_title: unit, meetings } }: { reached: Reached }) {
  const { t } = useTranslation();
  const { say, clock } = useTimeWords();
  if (meetings.length === 0) {
    return (
      <p className={styles.found} role="status">
        {t("join.none_now", { title })}
      </p>
    );
  }
  return (
    <section className={styles.found} aria-label={t("join.choose", { title })}>
      <h2>{t("join.choose", { title })}</h2>
      <p className={styles.quiet}>{unit}</p>
      {meetings.map(({ id, title: of, starts, ends }) => (
        <article key={id} className={styles.meeting}>
          <div>
            <h3>{of}</h3>
            <p className={styles.time}>
              {say(starts)} – {clock(ends)}
            </p>
          </div>
          <Button component={Link} href={joinPath(id)} color="accent" aria-label={t("meetings.enter_named", { title: of })}>
            {t("meetings.enter")}
          </Button>
        </article>
      ))}
    </section>
  );
}
