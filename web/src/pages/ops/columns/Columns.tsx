import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useAct, useGet } from "../../../api/hooks";
import type { Column, Page } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { Cell, Table } from "../../../ui/Table";
import { useAudienceWords } from "../shared/AudienceSelect";
import { ColumnDialog } from "./ColumnDialog";

export default function Columns() {
  const { t } = useTranslation();
  const ask = useAsk();
  const audience = useAudienceWords();
  const columns = useGet<Page<Column>>("/columns");
  const act = useAct("/columns", "/front");
  const [open, setOpen] = useState<Column | "new" | null>(null);
  return (
    <>
      <PageHead title={t("columns.title")}>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setOpen("new")}>
          {t("columns.add")}
        </Button>
      </PageHead>
      <Loaded of={columns}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("columns.none")} hint={t("columns.none_hint")} />
          ) : (
            <Table label={t("columns.title")} head={[t("columns.name"), t("channels.audience"), t("columns.on_front"), ""]}>
              {[...items]
                .sort((one, other) => one.position - other.position)
                .map((column) => (
                  <tr key={column.id}>
                    <Cell main>
                      <Link href={`/columns/${column.id}`}>{column.title}</Link>
                    </Cell>
                    <Cell label={t("channels.audience")}>{audience(column.audience)}</Cell>
                    <Cell label={t("columns.on_front")}>{column.on_front ? t("common.yes") : t("columns.hidden")}</Cell>
                    <Cell acts>
                      <Button variant="default" aria-label={`${t("act.edit")} ${column.title}`} onClick={() => setOpen(column)}>
                        {t("act.edit")}
                      </Button>
                      <Button
                        variant="subtle"
                        color="var(--ink-2)"
                        aria-label={`${t("act.delete")} ${column.title}`}
                        onClick={() => ask({ question: t("columns.delete_sure", { title: column.title }), act: t("act.delete"), run: () => act.mutateAsync({ method: "DELETE", path: `/columns/${column.id}` }) })}
                      >
                        {t("act.delete")}
                      </Button>
                    </Cell>
                  </tr>
                ))}
            </Table>
          )
        }
      </Loaded>
      {open && <ColumnDialog column={open === "new" ? null : open} count={columns.data?.items.length ?? 0} onClose={() => setOpen(null)} />}
    </>
  );
}
