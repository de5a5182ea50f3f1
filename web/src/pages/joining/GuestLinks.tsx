import { Button, NumberInput, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useGet } from "../../api/hooks";
import type { Page } from "../../api/model";
import { useAsk } from "../../ui/Ask";
import { CopyButton } from "../../ui/CopyButton";
import { Loaded } from "../../ui/Loaded";
import { ProblemBox } from "../../ui/ProblemBox";
import form from "../ops/shared/Form.module.css";
import type { GuestLink, MadeGuestLink } from "./api";
import styles from "./Join.module.css";

const MANY = 20;
const REFRESH_MS = 10_000;

/** The links by which guests come into a meeting: who has come by which, and a new one. */
export function GuestLinks({ meeting }: { meeting: string }) {
  const { t } = useTranslation();
  const ask = useAsk();
  const path = `/meetings/${encodeURIComponent(meeting)}/guest-links`;
  const links = useGet<Page<GuestLink>>(path, { every: REFRESH_MS });
  const act = useAct(path);
  const [adding, setAdding] = useState(false);
  return (
    <section className={styles.links} aria-label={t("guest.links")}>
      <h3>{t("guest.links")}</h3>
      <p className={styles.quiet}>{t("guest.links_hint")}</p>
      <Loaded of={links}>
        {({ items }) => (
          <>
            {items.map((link) => (
              <article key={link.id} className={styles.link} data-guest-link={link.title}>
                <div>
                  <p>{link.title}</p>
                  <p className={styles.quiet}>
                    {t("guest.used", { used: link.guests.length, most: link.most })} · {t(link.walks_in ? "guest.without_consent" : "guest.needs_consent")} · {t("guest.by", { name: link.made_by_name })}
                  </p>
                  {link.guests.length > 0 && <p className={styles.quiet}>{link.guests.map(({ name }) => name).join("、")}</p>}
                </div>
                {link.revoked === null ? (
                  <Button
                    variant="default"
                    aria-label={`${t("guest.revoke")} ${link.title}`}
                    onClick={() => ask({ question: t("guest.revoke_sure", { title: link.title }), act: t("guest.revoke"), run: () => act.mutateAsync({ method: "DELETE", path: `${path}/${link.id}` }) })}
                  >
                    {t("guest.revoke")}
                  </Button>
                ) : (
                  <span className={styles.quiet}>{t("guest.revoked")}</span>
                )}
              </article>
            ))}
            {items.length === 0 && !adding && <p className={styles.quiet}>{t("guest.none")}</p>}
          </>
        )}
      </Loaded>
      {adding ? (
        <NewLink path={path} onClose={() => setAdding(false)} />
      ) : (
        <div>
          <Button variant="default" onClick={() => setAdding(true)} data-do="guest_link">
            {t("guest.add")}
          </Button>
        </div>
      )}
    </section>
  );
}

function NewLink({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation();
  const make = useAct<MadeGuestLink>(path);
  const [title, setTitle] = useState("");
  const [most, setMost] = useState<number | string>(MANY);
  const [walksIn, setWalksIn] = useState(false);
  if (make.data) {
    const address = window.location.origin + make.data.path;
    return (
      <div className={form.form} role="status">
        <p>{t("guest.made")}</p>
        <p className={form.secret} data-guest-address>
          {address}
        </p>
        <div className="dialog-acts">
          <CopyButton text={address} />
          <Button onClick={onClose}>{t("act.done")}</Button>
        </div>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ method: "POST", path, body: { title: title.trim(), most: typeof most === "number" ? most : null, walks_in: walksIn } });
  };
  return (
    <form className={form.form} onSubmit={submit}>
      <div className={form.pair}>
        <TextInput label={t("guest.for_whom")} description={t("guest.for_whom_hint")} value={title} maxLength={80} onChange={({ target }) => setTitle(target.value)} required data-autofocus />
        <NumberInput label={t("guest.most")} min={1} max={200} value={most} onChange={setMost} />
      </div>
      <Switch color="var(--ok)" label={t("guest.walks_in")} checked={walksIn} onChange={({ target }) => setWalksIn(target.checked)} />
      {make.isError && <ProblemBox error={make.error} />}
      <div className="dialog-acts">
        <Button variant="default" onClick={onClose}>
          {t("act.cancel")}
        </Button>
        <Button type="submit" color="accent" disabled={title.trim() === ""} loading={make.isPending}>
          {t("guest.add")}
        </Button>
      </div>
    </form>
  );
}
