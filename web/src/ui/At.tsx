import { useTimeWords } from "./words";

/** A moment as people say it, with the exact time on hover. */
export function At({ at, prefix }: { at: number; prefix?: string }) {
  const { say, exact, zone } = useTimeWords();
  return (
    <time dateTime={new Date(at).toISOString()} title={`${exact(at)} (${zone})`}>
      {prefix}
      {say(at)}
    </time>
  );
}
