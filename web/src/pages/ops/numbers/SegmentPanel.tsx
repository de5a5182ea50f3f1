import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct } from "../../../api/hooks";
import type { NumberSegment } from "../../../api/model";
import { At } from "../../../ui/At";
import { useAsk } from "../../../ui/Ask";
import styles from "./Numbers.module.css";
import { SegmentDialog } from "./SegmentDialog";
import { UseTable } from "./UseBar";

interface Props {
  segment: NumberSegment;
  onGone: () => void;
}

/** The segment that was chosen: its counts, and what its office does with it. */
export function SegmentPanel({ segment, onGone }: Props) {
  const { t } = useTranslation();
  const ask = useAsk();
  const act = useAct("/number");
  const [open, setOpen] = useState<"divide" | "edit" | null>(null);
  const takeBack = async () => {
    await act.mutateAsync({ method: "DELETE", path: `/number-segments/${segment.id}` });
    onGone();
  };
  const names = { range: segment.range, unit: segment.unit_title };
  return (
    <section className={styles.panel} aria-label={segment.range}>
      <h2>
        <span className={styles.digits}>{segment.range}</span> {segment.unit_title}
      </h2>
      <p className={styles.quiet}>
        {t("numbers.of_total", { total: segment.usage.total.toLocaleString() })}
        {segment.usage.next_back !== null && (
          <>
            {" · "}
            <At at={segment.usage.next_back} prefix={t("numbers.next_back")} />
          </>
        )}
      </p>
      <UseTable usage={segment.usage} />
      <div className={styles.acts}>
        <Button variant="default" onClick={() => setOpen("divide")}>
          {t("numbers.divide")}
        </Button>
        <Button variant="default" onClick={() => setOpen("edit")}>
          {t("act.edit")}
        </Button>
        <Button variant="subtle" color="var(--ink-2)" onClick={() => ask({ question: t("numbers.take_back_sure", names), act: t("numbers.take_back"), run: takeBack })}>
          {t("numbers.take_back")}
        </Button>
      </div>
      {open && <SegmentDialog segment={open === "edit" ? segment : null} parent={open === "divide" ? segment : null} onClose={() => setOpen(null)} />}
    </section>
  );
}
