import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { ProblemBox } from "./ProblemBox";
import { Stale } from "./Stale";

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isError: boolean;
  dataUpdatedAt: number;
  failureCount: number;
  refetch: () => unknown;
}

interface Props<T> {
  of: Asked<T>;
  skeleton?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The three states of what was asked for: on its way, refused, there (perhaps stale). */
export function Loaded<T>({ of, skeleton, children }: Props<T>) {
  const { t } = useTranslation();
  if (of.data !== undefined) {
    return (
      <>
        <Stale of={of} />
        {children(of.data)}
      </>
    );
  }
  if (of.isError) return <ProblemBox error={of.error} onRetry={() => void of.refetch()} />;
  return (
    <div role="status" aria-label={t("common.loading")}>
      {skeleton ?? <LinesSkeleton />}
    </div>
  );
}

export function LinesSkeleton({ lines = 5 }: { lines?: number }) {
  return Array.from({ length: lines }, (_, line) => <Skeleton key={line} height={44} mb={8} radius="sm" />);
}
