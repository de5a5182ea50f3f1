// What somebody typed who wants to join: a number, or a link to this server.

export type Typed = { kind: "number"; number: string } | { kind: "path"; path: string } | { kind: "nothing" } | { kind: "bad_link" };

/** Pages that a link may lead to. */
const WAYS_IN = /^\/(guest$|meetings\/[^/]+\/(join|room)$|rooms\/[^/]+$)/;

export function typed(text: string, origin: string): Typed {
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "nothing" };
  if (!/[/#:]/.test(trimmed)) return { kind: "number", number: trimmed };
  try {
    const url = new URL(trimmed, origin);
    // A link that was copied from another name of this server leads nowhere else than its path does here.
    if (!/^https?:$/.test(url.protocol) || !WAYS_IN.test(url.pathname)) return { kind: "bad_link" };
    return { kind: "path", path: url.pathname + url.search + url.hash };
  } catch {
    return { kind: "bad_link" };
  }
}

/** The secret of a guest's link stands in the fragment, which browsers send to no server. */
export function guestSecret(fragment: string): string | null {
  return /^#?([0-9a-f]{32})$/.exec(fragment)?.[1] ?? null;
}
