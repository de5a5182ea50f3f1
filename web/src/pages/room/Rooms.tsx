import "../../ui/mantine_forms.css";

import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";

import { useGet } from "../../api/hooks";
import { At } from "../../ui/At";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import { Cell, Table } from "../../ui/Table";
import { type LiveRooms, ROOMS_MS } from "./api";
import { roomPath } from "./link";
import styles from "./Rooms.module.css";
import { SignedIn } from "./SignedIn";

/** The rooms in use, and a way into any other. */
export default function Rooms() {
  const { t } = useTranslation();
  return (
    <>
      <PageHead title={t("room.title")} hint={t("room.hint")} />
      <SignedIn>
        {() => (
          <>
            <OpenByName />
            <Live />
          </>
        )}
      </SignedIn>
    </>
  );
}

function OpenByName() {
  const { t } = useTranslation();
  const [, go] = useLocation();
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") go(roomPath(name.trim()));
  };
  return (
    <form className={styles.open} onSubmit={submit}>
      <TextInput className={styles.name} label={t("room.name")} value={name} onChange={({ target }) => setName(target.value)} spellCheck={false} autoComplete="off" />
      <Button type="submit" color="accent" disabled={name.trim() === ""}>
        {t("room.open")}
      </Button>
    </form>
  );
}

function Live() {
  const { t } = useTranslation();
  const rooms = useGet<LiveRooms>("/rooms", { every: ROOMS_MS });
  return (
    <Loaded of={rooms}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t("room.none")} hint={t("room.none_hint")} />
        ) : (
          <Table label={t("room.title")} head={[t("room.name"), t("room.people"), t("room.publishers"), t("room.since"), ""]}>
            {items.map(({ sid, name, participants, publishers, created_at: created }) => (
              <tr key={sid} data-room={name}>
                <Cell main>{name}</Cell>
                <Cell label={t("room.people")}>{participants}</Cell>
                <Cell label={t("room.publishers")}>{publishers}</Cell>
                <Cell label={t("room.since")}>
                  <At at={created} />
                </Cell>
                <Cell acts>
                  <Button component={Link} href={roomPath(name)} color="accent" aria-label={t("room.open_named", { name })}>
                    {t("room.open")}
                  </Button>
                </Cell>
              </tr>
            ))}
          </Table>
        )
      }
    </Loaded>
  );
}
