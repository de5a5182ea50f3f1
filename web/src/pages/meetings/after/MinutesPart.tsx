import { Button, NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { withQuery } from "../../../api/client";
import { useAct, useGet } from "../../../api/hooks";
import type { components } from "../../../api/schema";
import { useAsk } from "../../../ui/Ask";
import { Loaded } from "../../../ui/Loaded";
import { useNotice } from "../../../ui/Notice";
import { ProblemBox } from "../../../ui/ProblemBox";
import { useTimeWords } from "../../../ui/words";
import type { Meeting } from "../api";
import styles from "./After.module.css";
import { Downloads } from "./Download";
import { Paper } from "./Paper";

type Minutes = components["schemas"]["MinutesView"];

/** The minutes: drafted from the log, then the clerk's text, every version kept. */
export function MinutesPart({ meeting }: { meeting: Meeting }) {
  const [version, setVersion] = useState<number | null>(null);
  const minutes = useGet<Minutes>(withQuery(`/meetings/${meeting.id}/minutes`, { version }));
  return <Loaded of={minutes}>{(of) => <Editor key={of.version} meeting={meeting} minutes={of} onVersion={setVersion} />}</Loaded>;
}

function Editor({ meeting, minutes, onVersion }: { meeting: Meeting; minutes: Minutes; onVersion: (version: number | null) => void }) {
  const { t } = useTranslation();
  const { say } = useTimeWords();
  const tell = useNotice();
  const ask = useAsk();
  const path = `/meetings/${meeting.id}/minutes`;
  const [text, setText] = useState(minutes.text);
  const [edits, setEdits] = useState(false);
  const write = useAct<Minutes>(path);
  const newest = minutes.versions[0]?.version ?? 0;
  const isChanged = text !== minutes.text;
  const keep = async (body: { text?: string }) => {
    const kept = await write.mutateAsync({ method: "PUT", path, body: { ...body, after: newest } });
    onVersion(null);
    tell(t("after.saved", { version: kept.version }));
  };
  return (
    <>
      <div className={styles.head}>
        <SegmentedControl
          aria-label={t("after.text")}
          value={edits ? "edit" : "preview"}
          onChange={(chosen) => setEdits(chosen === "edit")}
          data={[
            { value: "preview", label: t("after.preview") },
            { value: "edit", label: t("after.edit") },
          ]}
        />
        <div className={styles.acts}>
          <Button color="accent" loading={write.isPending} disabled={!isChanged && minutes.version === newest && newest > 0} onClick={() => void keep({ text }).catch(() => undefined)}>
            {t("after.save")}
          </Button>
          <Button variant="default" onClick={() => ask({ question: t("after.anew_sure"), act: t("after.anew"), run: () => keep({}) })}>
            {t("after.anew")}
          </Button>
          <Downloads path={path} kinds={["pdf", "docx"]} query={minutes.version === 0 ? "" : `?version=${minutes.version}`} />
        </div>
      </div>
      {minutes.versions.length > 0 && (
        <NativeSelect
          className={styles.versions}
          label={t("after.versions")}
          value={String(minutes.version)}
          onChange={({ target }) => onVersion(Number(target.value))}
          data={minutes.versions.map((of) => ({ value: String(of.version), label: t("after.version_by", { version: of.version, when: say(of.at), by: of.is_from_log ? t("after.from_log") : of.person_name }) }))}
        />
      )}
      {minutes.version === 0 && <p className={styles.hint}>{t("after.draft")}</p>}
      {minutes.version < newest && <p className={styles.hint}>{t("after.older", { version: minutes.version })}</p>}
      {isChanged && <p className={styles.hint}>{t("after.unsaved")}</p>}
      {write.isError && <ProblemBox error={write.error} />}
      {edits ? (
        <Textarea
          label={t("after.text")}
          description={t("after.text_hint")}
          value={text}
          onChange={({ target }) => setText(target.value)}
          rows={30}
          classNames={{ input: styles.text }}
          lang="zh-CN"
          spellCheck={false}
        />
      ) : (
        <Paper text={text} />
      )}
    </>
  );
}
