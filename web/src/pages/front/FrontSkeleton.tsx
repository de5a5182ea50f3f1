import { Skeleton } from "@mantine/core";

import styles from "./Front.module.css";

/** The shape of the front page while it is on its way. */
export function FrontSkeleton() {
  return (
    <div className={styles.front}>
      <div>
        <Skeleton height={44} width={260} mb={20} />
        <div className={styles.news}>
          <Skeleton className={styles.leadShape} radius="md" />
          <div className={styles.side}>
            {[0, 1, 2, 3].map((row) => (
              <Skeleton key={row} height={94} radius="md" />
            ))}
          </div>
        </div>
      </div>
      <div className={styles.channels}>
        {[0, 1, 2].map((card) => (
          <Skeleton key={card} height={150} radius="md" />
        ))}
      </div>
    </div>
  );
}
