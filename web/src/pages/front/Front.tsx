import { useTranslation } from "react-i18next";

import { LIVE_MS, useGet } from "../../api/hooks";
import type { Front as FrontData } from "../../api/model";
import { Loaded } from "../../ui/Loaded";
import { useTitle } from "../../ui/PageHead";
import { Columns } from "./Columns";
import { FrontSkeleton } from "./FrontSkeleton";
import { LiveNow } from "./LiveNow";
import { News } from "./News";
import styles from "./Front.module.css";

/** The page an official opens in the morning: yesterday's news with one press, what is on now, the columns. */
export function Front() {
  const { t } = useTranslation();
  useTitle(undefined);
  const front = useGet<FrontData>("/front", { every: LIVE_MS });
  return (
    <Loaded of={front} skeleton={<FrontSkeleton />}>
      {(data) => (
        <div className={styles.front}>
          <h1 className="for-readers">{t("brand")}</h1>
          <News date={data.date} isYesterday={data.is_yesterday} news={data.news} />
          <LiveNow channels={data.live} />
          <Columns columns={data.columns} />
        </div>
      )}
    </Loaded>
  );
}
