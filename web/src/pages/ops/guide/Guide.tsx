import "../../../ui/mantine_forms.css";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

import { useGet, useZone } from "../../../api/hooks";
import type { Channel, Page } from "../../../api/model";
import { serverNow } from "../../../api/server_time";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { addDays, dayOf } from "../../../ui/time";
import { CutDialog, type Span } from "../../shared/CutDialog";
import { GuideDay } from "./GuideDay";
import styles from "./Guide.module.css";
import { Timetable } from "./Timetable";

/** The programmes of a channel on a day, and the weekly timetable for channels whose signal brings none. */
export default function Guide() {
  const { t } = useTranslation();
  const zone = useZone();
  const channels = useGet<Page<Channel>>("/channels");
  const [search, setSearch] = useSearchParams();
  const [span, setSpan] = useState<Span | null>(null);
  const today = dayOf(serverNow(), zone);
  const day = search.get("day") ?? today;
  const put = (next: Record<string, string>) => setSearch({ ...Object.fromEntries(search), ...next }, { replace: true });
  return (
    <>
      <PageHead title={t("guide.title")} />
      <Loaded of={channels}>
        {({ items }) => {
          const channel = items.find(({ id }) => id === search.get("channel")) ?? items[0];
          if (!channel) return <Empty title={t("channels.none")} hint={t("channels.none_hint")} to="/ops/channels" toLabel={t("channels.add")} />;
          return (
            <>
              <div className={styles.choice}>
                <NativeSelect label={t("guide.channel")} value={channel.id} onChange={({ target }) => put({ channel: target.value })} data={items.map(({ id, title }) => ({ value: id, label: title }))} />
                <TextInput type="date" label={t("guide.day")} value={day} onChange={({ target }) => target.value && put({ day: target.value })} />
                <Button variant="default" onClick={() => put({ day: addDays(day, -1) })}>
                  {t("guide.previous_day")}
                </Button>
                <Button variant="default" disabled={day === today} onClick={() => put({ day: today })}>
                  {t("guide.today")}
                </Button>
                <Button variant="default" onClick={() => put({ day: addDays(day, 1) })}>
                  {t("guide.next_day")}
                </Button>
              </div>
              <GuideDay key={`${channel.id} ${day}`} channel={channel.id} day={day} onCut={setSpan} />
              <Timetable key={channel.id} channel={channel.id} />
              {span && <CutDialog span={span} onClose={() => setSpan(null)} />}
            </>
          );
        }}
      </Loaded>
    </>
  );
}
