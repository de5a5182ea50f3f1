import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { call, withQuery, type Query } from "./client";
import type { Me, Page, Status } from "./model";
import type { ApiProblem } from "./problem";

/** How often what changes by itself is asked for again. */
export const LIVE_MS = 5_000;

/** Items asked for at once when a list is wanted whole. */
const MOST = 200;

interface GetOptions<T> {
  /** Ask again every so many milliseconds; a function may look at the answer. */
  every?: number | ((data: T | undefined) => number | false);
  enabled?: boolean;
}

/** A resource by its path; the path is the key. */
export function useGet<T>(path: string, { every, enabled = true }: GetOptions<T> = {}) {
  return useQuery<T, ApiProblem>({
    queryKey: [path],
    queryFn: ({ signal }) => call<T>("GET", path, undefined, signal),
    enabled,
    refetchInterval: typeof every === "function" ? (query) => every(query.state.data) : (every ?? false),
  });
}

/** A list that continues by cursor. */
export function usePages<T>(path: string, query: Query = {}, every?: number) {
  return useInfiniteQuery<Page<T>, ApiProblem, T[], [string], string | null>({
    queryKey: [withQuery(path, query)],
    queryFn: ({ pageParam, signal }) => call<Page<T>>("GET", withQuery(path, { ...query, cursor: pageParam }), undefined, signal),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    select: (data) => data.pages.flatMap((page) => page.items),
    refetchInterval: every ?? false,
  });
}

export interface Act {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
}

/** A list whose every item is needed at once, fetched page by page. */
export function useAll<T>(path: string, enabled = true) {
  return useQuery<T[], ApiProblem>({
    queryKey: [path, "all"],
    enabled,
    queryFn: async ({ signal }) => {
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<T> = await call<Page<T>>("GET", withQuery(path, { cursor, limit: cursor === null ? undefined : MOST }), undefined, signal);
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      return items;
    },
  });
}

/** A change; everything under the given prefixes is asked for again afterwards. */
export function useAct<T = unknown>(...touches: string[]) {
  const client = useQueryClient();
  return useMutation<T, ApiProblem, Act>({
    mutationFn: ({ method, path, body }) => call<T>(method, path, body),
    onSettled: () =>
      client.invalidateQueries({ predicate: ({ queryKey }) => touches.some((prefix) => String(queryKey[0]).startsWith(prefix)) }),
  });
}

/** Who is looking, and what they may do. Anonymous is an answer too. */
export function useMe() {
  return useQuery<Me, ApiProblem>({ queryKey: ["/session"], queryFn: ({ signal }) => call<Me>("GET", "/session", undefined, signal), staleTime: 60_000 });
}

const DEFAULT_ZONE = "Asia/Shanghai";

/** The server's zone, which it tells everyone; until it has, the one of nearly every server. */
export function useZone(): string {
  const status = useQuery<Status, ApiProblem>({ queryKey: ["/status"], queryFn: ({ signal }) => call<Status>("GET", "/status", undefined, signal), staleTime: Infinity });
  return status.data?.time_zone ?? DEFAULT_ZONE;
}
