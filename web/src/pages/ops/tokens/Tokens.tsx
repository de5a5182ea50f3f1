import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useAct, useAll } from "../../../api/hooks";
import type { Token } from "../../../api/model";
import { useAsk } from "../../../ui/Ask";
import { At } from "../../../ui/At";
import { Empty } from "../../../ui/Empty";
import { Loaded } from "../../../ui/Loaded";
import { PageHead } from "../../../ui/PageHead";
import { Cell, Table } from "../../../ui/Table";
import { TokenDialog } from "./TokenDialog";

/** Keys for programs. */
export default function Tokens() {
  const { t } = useTranslation();
  const ask = useAsk();
  const tokens = useAll<Token>("/tokens");
  const act = useAct("/tokens");
  const [making, setMaking] = useState(false);
  return (
    <>
      <PageHead title={t("tokens.title")} hint={t("tokens.hint")}>
        <Button color="accent" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setMaking(true)}>
          {t("tokens.add")}
        </Button>
      </PageHead>
      <Loaded of={tokens}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t("tokens.none")} hint={t("tokens.none_hint")} />
          ) : (
            <Table label={t("tokens.title")} head={[t("tokens.name"), t("people.roles"), t("tokens.expires"), t("tokens.last_used"), ""]}>
              {items.map((token) => (
                <tr key={token.id}>
                  <Cell main>{token.name}</Cell>
                  <Cell label={t("people.roles")}>{token.roles.map(({ role }) => t(`people.role.${role}`)).join("、")}</Cell>
                  <Cell label={t("tokens.expires")}>{token.expires === null ? t("tokens.never") : <At at={token.expires} />}</Cell>
                  <Cell label={t("tokens.last_used")}>{token.last_used === null ? t("tokens.unused") : <At at={token.last_used} />}</Cell>
                  <Cell acts>
                    <Button
                      variant="default"
                      aria-label={`${t("tokens.delete")} ${token.name}`}
                      onClick={() => ask({ question: t("tokens.delete_sure", { title: token.name }), act: t("tokens.delete"), run: () => act.mutateAsync({ method: "DELETE", path: `/tokens/${token.id}` }) })}
                    >
                      {t("tokens.delete")}
                    </Button>
                  </Cell>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </>
  );
}
