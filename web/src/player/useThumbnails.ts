import { useQuery } from "@tanstack/react-query";

import { parseThumbnails, type Thumbnail } from "./vtt";

const NONE: Thumbnail[] = [];

/** The seek bar's pictures; without them the bar shows times only. */
export function useThumbnails(url: string | null): Thumbnail[] {
  const { data } = useQuery({
    queryKey: ["thumbnails", url],
    enabled: url !== null,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const response = await fetch(url ?? "", { signal });
      return response.ok ? parseThumbnails(await response.text(), response.url) : NONE;
    },
  });
  return data ?? NONE;
}
