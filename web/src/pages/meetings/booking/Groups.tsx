import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useGet } from "../../../api/hooks";
import type { Page } from "../../../api/model";
import type { components } from "../../../api/schema";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import styles from "./Booking.module.css";
import { Chosen } from "./Chosen";

type VenueGroup = components["schemas"]["VenueGroup"];

interface Props {
  unit: string;
  chosen: readonly string[];
  onAdd: (venues: string[]) => void;
}

/** Venues that are invited again and again: added with one press; what is chosen now is kept as a group. */
export function Groups({ unit, chosen, onAdd }: Props) {
  const { t } = useTranslation();
  const tell = useNotice();
  const groups = useGet<Page<VenueGroup>>("/venue-groups");
  const act = useAct("/venue-groups");
  const [title, setTitle] = useState("");
  const [open, setOpen] = useState(false);
  const all = groups.data?.items ?? [];
  const save = () =>
    void act.mutateAsync({ method: "POST", path: "/venue-groups", body: { unit, title: title.trim(), venues: chosen } }).then(
      () => {
        tell(t("booking.group_saved"));
        setTitle("");
      },
      () => undefined,
    );
  return (
    <div className={styles.groups}>
      <div className={styles.row}>
        {all.map((group) => (
          <Button key={group.id} variant="default" onClick={() => onAdd(group.venues)} data-group={group.title}>
            + {t("booking.group", { title: group.title, count: group.venues.length })}
          </Button>
        ))}
        <Button variant="subtle" color="var(--ink)" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("booking.groups")}
        </Button>
      </div>
      {open && (
        <div className={styles.inner}>
          <div className={styles.line}>
            <TextInput className={styles.grow} label={t("booking.group_new", { count: chosen.length })} placeholder={t("booking.group_hint")} value={title} maxLength={200} onChange={({ target }) => setTitle(target.value)} />
            <Button variant="default" disabled={title.trim() === "" || chosen.length === 0} loading={act.isPending} onClick={save}>
              {t("booking.group_save")}
            </Button>
          </div>
          <ul className={styles.chips}>
            {all.map((group) => (
              <Chosen key={group.id} name={t("booking.group", { title: group.title, count: group.venues.length })} onRemove={() => act.mutate({ method: "DELETE", path: `/venue-groups/${group.id}` })} />
            ))}
          </ul>
          {act.isError && <ProblemBox error={act.error} />}
        </div>
      )}
    </div>
  );
}
