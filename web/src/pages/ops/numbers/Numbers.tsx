import "../../../ui/mantine_forms.css";

import { Button } from "@mantine/core";
import { IconPlus, IconTable } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAll } from "../../../api/hooks";
import type { NumberSegment } from "../../../api/model";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { CsvDialog } from "../people/CsvDialog";
import { Directory } from "./Directory";
import { GiveDialog } from "./GiveDialog";
import styles from "./Numbers.module.css";
import { SegmentDialog } from "./SegmentDialog";
import { SegmentPanel } from "./SegmentPanel";
import { SegmentTree } from "./SegmentTree";

/** The number plan as a tree, and beside it the directory of the segment chosen. */
export default function Numbers() {
  const { t } = useTranslation();
  const segments = useAll<NumberSegment>("/number-segments");
  const [chosen, setChosen] = useState<string | null>(null);
  const [open, setOpen] = useState<"csv" | "top" | "give" | null>(null);
  const close = () => setOpen(null);
  const segment = segments.data?.find(({ id }) => id === chosen);
  return (
    <>
      <PageHead title={t("numbers.title")} hint={t("numbers.hint")}>
        <Button variant="default" leftSection={<IconTable size={20} aria-hidden />} onClick={() => setOpen("csv")}>
          {t("people.csv_title")}
        </Button>
        <Button variant="default" onClick={() => setOpen("top")}>
          {t("numbers.add_top")}
        </Button>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} disabled={!segments.data?.length} onClick={() => setOpen("give")}>
          {t("numbers.give")}
        </Button>
      </PageHead>
      <Loaded of={segments}>
        {(plan) =>
          plan.length === 0 ? (
            <Empty title={t("numbers.no_segments")} hint={t("numbers.no_segments_hint")} />
          ) : (
            <div className={styles.split}>
              <SegmentTree segments={plan} chosen={segment?.id ?? null} onChoose={setChosen} />
              <div className={styles.beside}>
                {segment && <SegmentPanel key={segment.id} segment={segment} onGone={() => setChosen(null)} />}
                <Directory segments={plan} chosen={segment?.id ?? null} />
              </div>
              {open === "give" && <GiveDialog segments={plan} chosen={segment?.id ?? null} onClose={close} />}
            </div>
          )
        }
      </Loaded>
      {open === "top" && <SegmentDialog segment={null} parent={null} onClose={close} />}
      {open === "csv" && <CsvDialog tables={["number_segments", "numbers"]} onClose={close} />}
    </>
  );
}
