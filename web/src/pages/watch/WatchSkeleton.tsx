import { Skeleton } from "@mantine/core";

import styles from "./Watch.module.css";

export function WatchSkeleton() {
  return (
    <div className={styles.watch}>
      <div>
        <Skeleton className={styles.picture} radius="md" />
        <Skeleton height={32} width="60%" mt={20} />
      </div>
      <div>
        {[0, 1, 2, 3].map((row) => (
          <Skeleton key={row} height={80} mb={16} radius="md" />
        ))}
      </div>
    </div>
  );
}
