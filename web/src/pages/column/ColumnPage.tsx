import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { useGet, usePages } from "../../api/hooks";
import type { Asset, Column } from "../../api/model";
import { AssetCard } from "../../ui/AssetCard";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { PageHead } from "../../ui/PageHead";
import styles from "../front/Front.module.css";

/** All of a column, the latest first. */
export default function ColumnPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const column = useGet<Column>(`/columns/${encodeURIComponent(id)}`);
  const assets = usePages<Asset>("/assets", { column: id, limit: 24 });
  return (
    <Loaded of={column}>
      {({ title }) => (
        <>
          <PageHead title={title} />
          <Loaded of={assets}>
            {(items) =>
              items.length === 0 ? (
                <Empty title={t("front.empty_column")} to="/" toLabel={t("common.go_home")} />
              ) : (
                <ul className={styles.cards}>
                  {items.map((asset) => (
                    <li key={asset.id}>
                      <AssetCard asset={asset} />
                    </li>
                  ))}
                </ul>
              )
            }
          </Loaded>
          {assets.hasNextPage && (
            <Button variant="default" mt={24} loading={assets.isFetchingNextPage} onClick={() => void assets.fetchNextPage()}>
              {t("act.more")}
            </Button>
          )}
        </>
      )}
    </Loaded>
  );
}
