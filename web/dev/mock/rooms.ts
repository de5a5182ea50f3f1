import type { Access, LiveRooms } from "../../src/pages/room/api";

// Rooms of the stand-in: a list to look at, and tokens that open nothing, as it does not speak the rooms' protocol.

const MINUTE_MS = 60_000;

export function liveRooms(now: number): LiveRooms {
  return {
    items: [
      { name: "市防汛调度会", sid: "RM_mock1", participants: 37, publishers: 12, created_at: now - 42 * MINUTE_MS },
      { name: "weekly-review", sid: "RM_mock2", participants: 3, publishers: 3, created_at: now - 5 * MINUTE_MS },
    ],
  };
}

/** A token with claims like the server's, signed by nobody. */
export function access(room: string, identity: string, name: string, now: number): Access {
  const expires_at = now + 360 * MINUTE_MS;
  const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
  const token = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: identity, name, exp: Math.floor(expires_at / 1000), video: { roomJoin: true, room, canUpdateOwnMetadata: true } })}.mock`;
  return { room, identity, token, expires_at };
}
