// What an address of a room says: an invitation in its fragment, choices for tests and venues in its query.

/** The access token of an invitation. It stands in the fragment, which browsers send to no server, so that it is in no log. */
export function tokenIn(fragment: string): string | null {
  return new URLSearchParams(fragment.replace(/^#/, "")).get("token") || null;
}

/** What an access token says of its bearer. The server alone decides whether it is true. */
export interface Claims {
  identity: string;
  name: string;
  room: string;
  /** The moment after which the server refuses it; null where it never does. */
  expiresMs: number | null;
  /** May choose the name that others see. */
  mayRename: boolean;
}

const record = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Reads a JWT's claims without checking its signature (RFC 7519, section 3); null where it is none. */
export function claimsOf(token: string): Claims | null {
  const [, payload] = token.split(".");
  if (!payload) return null;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const claims = record(JSON.parse(new TextDecoder().decode(bytes)));
    const grant = record(claims.video);
    return {
      identity: text(claims.sub),
      name: text(claims.name),
      room: text(grant.room),
      expiresMs: typeof claims.exp === "number" ? claims.exp * 1000 : null,
      mayRename: grant.canUpdateOwnMetadata === true,
    };
  } catch {
    return null;
  }
}

export function isExpired({ expiresMs }: Claims, now: number): boolean {
  return expiresMs !== null && expiresMs <= now;
}

export interface Choices {
  /** Joins at once: `full` with microphone and camera, `view` without devices. */
  auto: "full" | "view" | null;
  /** One peer connection for both directions, or the older two (`?v=0`). */
  singlePeerConnection: boolean;
  /** Ignores the server's UDP candidates (`?tcp=1`). */
  tcpOnly: boolean;
}

export function choicesIn(query: string): Choices {
  const asked = new URLSearchParams(query);
  const auto = asked.get("auto");
  return { auto: auto === "view" ? "view" : auto === "1" ? "full" : null, singlePeerConnection: asked.get("v") !== "0", tcpOnly: asked.get("tcp") === "1" };
}

/** The signalling server is where the page came from. */
export function serverUrl({ protocol, host }: Pick<Location, "protocol" | "host">): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}`;
}

export function roomPath(name: string): string {
  return `/rooms/${encodeURIComponent(name)}`;
}

/** A part of an address as it was meant: the router leaves an encoded `/`, `?` or `#` encoded. */
export function nameIn(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
