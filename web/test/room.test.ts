import { describe, expect, test } from "vitest";

import { zh } from "../src/i18n/zh";
import { deviceFault, ending, refusal } from "../src/pages/room/faults";
import { roomAct } from "../src/pages/room/keys";
import { LAYER_CHOICES, layerOfHeight, layerOfRid } from "../src/pages/room/layers";
import { choicesIn, claimsOf, isExpired, nameIn, roomPath, serverUrl, tokenIn } from "../src/pages/room/link";
import { reconnectPolicy } from "../src/pages/room/reconnect";
import { columnsFor, narrowColumnsFor } from "../src/pages/room/stage/columns";
import { tcpOnly, withoutUdp } from "../src/pages/room/tcp_only";
import { ApiProblem } from "../src/api/problem";

const jwt = (claims: object) => `x.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.y`;

describe("a link to a room", () => {
  test("the invitation stands in the fragment", () => {
    expect(tokenIn("#token=a.b-c_d.e")).toBe("a.b-c_d.e");
    expect(tokenIn("#x=1&token=t")).toBe("t");
    expect(tokenIn("")).toBeNull();
    expect(tokenIn("#token=")).toBeNull();
  });
  test("the token says who, where and until when, in any script", () => {
    const claims = claimsOf(jwt({ sub: "p1", name: "古丽娜尔·王", exp: 100, video: { room: "党委会", roomJoin: true, canUpdateOwnMetadata: true } }));
    expect(claims).toEqual({ identity: "p1", name: "古丽娜尔·王", room: "党委会", expiresMs: 100_000, mayRename: true });
    expect(claims && isExpired(claims, 99_999)).toBe(false);
    expect(claims && isExpired(claims, 100_000)).toBe(true);
  });
  test("a token without an end never expires, and what is none is none", () => {
    expect(isExpired(claimsOf(jwt({ sub: "p" })) ?? { identity: "", name: "", room: "", expiresMs: 0, mayRename: false }, Number.MAX_SAFE_INTEGER)).toBe(false);
    for (const none of ["", "abc", "a.%%%.c", `a.${btoa("[")}.c`]) expect(claimsOf(none)).toBeNull();
    expect(claimsOf(`a.${btoa("null")}.c`)).toMatchObject({ identity: "", mayRename: false });
  });
  test.each([
    ["", { auto: null, singlePeerConnection: true, tcpOnly: false }],
    ["?auto=1", { auto: "full", singlePeerConnection: true, tcpOnly: false }],
    ["?auto=view&v=0", { auto: "view", singlePeerConnection: false, tcpOnly: false }],
    ["?auto=yes&v=1&tcp=1", { auto: null, singlePeerConnection: true, tcpOnly: true }],
  ])("%s", (query, choices) => expect(choicesIn(query)).toEqual(choices));
  test("signalling goes to where the page came from", () => {
    expect(serverUrl({ protocol: "https:", host: "meet.gov:8443" })).toBe("wss://meet.gov:8443");
    expect(serverUrl({ protocol: "http:", host: "[::1]:8080" })).toBe("ws://[::1]:8080");
  });
  test("any name of a room survives the address", () => {
    for (const name of ["例会", "a/b?c#d", "100%", "x y"]) expect(nameIn(roomPath(name).slice("/rooms/".length))).toBe(name);
    expect(nameIn("100%")).toBe("100%");
  });
});

describe("reconnecting", () => {
  const delay = (retryCount: number, elapsedMs: number, chance: number) => reconnectPolicy(() => chance).nextRetryDelayInMs({ retryCount, elapsedMs });
  test("never waits more than a second between tries", () => {
    for (let retry = 0; retry < 500; retry += 1) for (const chance of [0, 0.5, 0.999]) expect(delay(retry, retry * 1000, chance)).toBeLessThanOrEqual(1_000);
  });
  test("begins at once, and people do not knock all together", () => {
    expect(delay(0, 0, 0)).toBe(100);
    expect(delay(0, 0, 0.999)).toBe(200);
    expect(delay(9, 9_000, 0)).toBe(500);
  });
  test("gives up after ten minutes", () => {
    expect(delay(600, 600_000, 0.5)).toBe(750);
    expect(delay(601, 600_001, 0.5)).toBeNull();
  });
});

describe("layers", () => {
  test("the names of RIDs", () => expect(["f", "h", "q", "x", null].map(layerOfRid)).toEqual(["high", "medium", "low", null, null]));
  test.each([
    [720, 720, "high"],
    [540, 720, "high"], // scaled down by a busy computer
    [360, 720, "medium"],
    [180, 720, "low"],
    [0, 720, null],
    [180, null, null],
  ] as const)("%s of %s is %s", (height, whole, layer) => expect(layerOfHeight(height, whole)).toBe(layer));
  test("every choice has a word", () => {
    for (const choice of LAYER_CHOICES) expect(zh.room.layer[choice]).toBeTruthy();
  });
});

describe("what goes wrong has words", () => {
  const insideClient = (reasonName: string, status?: number, message = "") => refusal({ reasonName, status, message }).code;
  test.each([
    ["NotAllowed", 401, "invalid token", "room_expired"],
    ["NotAllowed", 403, "token is expired", "room_expired"],
    ["NotAllowed", 403, "no permission to join", "room_refused"],
    ["NotAllowed", 403, "the room is full", "room_full"],
    ["NotAllowed", 404, "requested room does not exist", "room_not_found"],
    ["InternalError", 429, "", "room_full"],
    ["ServerUnreachable", undefined, "Failed to fetch", "room_unreachable"],
    ["InternalError", undefined, "could not establish pc connection", "room_no_media"],
    ["Timeout", undefined, "", "room_timeout"],
    ["ServiceNotFound", undefined, "", "room_no_rooms"],
    ["", undefined, "LiveKit doesn't seem to be supported on this browser.", "room_unsupported"],
    ["", undefined, "?", "room_lost"],
  ])("%s %s %s", (reasonName, status, message, code) => expect(insideClient(reasonName, status, message)).toBe(code));
  test("what the API refused stays as it was said, but a full room is a full room", () => {
    const forbidden = new ApiProblem({ status: 403, code: "forbidden", detail: "", instance: "01k" });
    expect(refusal(forbidden)).toBe(forbidden);
    expect(refusal(new ApiProblem({ status: 409, code: "room_full", detail: "200/200", instance: "01k" })).code).toBe("room_full");
  });
  test("leaving by oneself is no fault, being put out is", () => {
    expect(ending("CLIENT_INITIATED")).toBeNull();
    expect(["DUPLICATE_IDENTITY", "PARTICIPANT_REMOVED", "ROOM_DELETED", "SERVER_SHUTDOWN", undefined].map((reason) => ending(reason)?.code)).toEqual(["room_elsewhere", "room_removed", "room_closed", "room_server_stopping", "room_lost"]);
  });
  test("devices", () => {
    const named = (name: string) => Object.assign(new Error("x"), { name });
    expect(deviceFault("camera", named("NotAllowedError"), true)?.code).toBe("room_camera_denied");
    expect(deviceFault("microphone", named("NotFoundError"), true)?.code).toBe("room_microphone_missing");
    expect(deviceFault("camera", named("NotReadableError"), true)?.code).toBe("room_camera_busy");
    expect(deviceFault("screen", named("NotAllowedError"), true)).toBeNull();
    expect(deviceFault("camera", new TypeError("undefined"), false)?.code).toBe("room_insecure");
    expect(deviceFault("camera", named("PublishTrackError"), true)?.code).toBe("room_may_not_publish");
    expect(deviceFault("camera", "?", true)?.code).toBe("room_device");
  });
  test("every code that can come has its words", () => {
    const devices = ["camera", "microphone", "screen"] as const;
    const names = ["PublishTrackError", "NotAllowedError", "NotFoundError", "NotReadableError", "Other"];
    const codes = [
      ...devices.flatMap((device) => names.map((name) => deviceFault(device, Object.assign(new Error(""), { name }), true)?.code)),
      ...["DUPLICATE_IDENTITY", "PARTICIPANT_REMOVED", "ROOM_DELETED", "ROOM_CLOSED", "SERVER_SHUTDOWN", "STATE_MISMATCH", "JOIN_FAILURE", "USER_REJECTED", "MEDIA_FAILURE", "?"].map((reason) => ending(reason)?.code),
    ];
    for (const code of codes) if (code) expect(zh.problem, code).toHaveProperty(code);
  });
});

describe("keys", () => {
  test("letters act, whatever the case; leaving takes two keys", () => {
    expect(roomAct({ key: "m" }, "page")).toBe("microphone");
    expect(roomAct({ key: "V" }, "page")).toBe("camera");
    expect(roomAct({ key: "q" }, "page")).toBeNull();
    expect(roomAct({ key: "Q", shiftKey: true }, "page")).toBe("leave");
  });
  test("the browser's own keys and a key held down do nothing", () => {
    expect(roomAct({ key: "s", ctrlKey: true }, "page")).toBeNull();
    expect(roomAct({ key: "m", repeat: true }, "page")).toBeNull();
    expect(roomAct({ key: "m" }, "text")).toBeNull();
    expect(roomAct({ key: "m" }, "menu")).toBeNull();
    expect(roomAct({ key: "m" }, "press")).toBe("microphone");
  });
});

test("the grid is as square as it can be", () => {
  expect([1, 2, 3, 4, 5, 9, 10, 50].map(columnsFor)).toEqual([1, 2, 2, 2, 3, 3, 4, 6]);
  expect([1, 2, 3, 8, 9].map(narrowColumnsFor)).toEqual([1, 1, 2, 2, 3]);
});

describe("a line without UDP", () => {
  const sdp = ["v=0", "a=candidate:1 1 udp 2130706431 10.0.0.1 7881 typ host", "a=candidate:2 1 UDP 1 ::1 7881 typ host", "a=candidate:3 1 tcp 1518280447 10.0.0.1 443 typ host tcptype passive", "a=end-of-candidates", ""].join("\r\n");
  test("only the server's TCP candidates are left", () => expect(withoutUdp(sdp).match(/a=candidate.*/g)).toEqual(["a=candidate:3 1 tcp 1518280447 10.0.0.1 443 typ host tcptype passive"]));
  test("peer connections made meanwhile hear of no other", async () => {
    const heard: unknown[] = [];
    class Peer {
      setRemoteDescription(description: unknown) {
        return Promise.resolve(void heard.push(description));
      }
      addIceCandidate(candidate: unknown) {
        return Promise.resolve(void heard.push(candidate));
      }
    }
    const scope = { RTCPeerConnection: Peer as unknown as typeof RTCPeerConnection };
    const undo = tcpOnly(scope);
    const peer = new scope.RTCPeerConnection();
    await peer.setRemoteDescription({ type: "answer", sdp });
    await peer.addIceCandidate({ candidate: "candidate:1 1 udp 1 10.0.0.1 1 typ host" });
    await peer.addIceCandidate({ candidate: "candidate:3 1 tcp 1 10.0.0.1 443 typ host tcptype passive" });
    expect(heard).toEqual([{ type: "answer", sdp: withoutUdp(sdp) }, { candidate: "candidate:3 1 tcp 1 10.0.0.1 443 typ host tcptype passive" }]);
    undo();
    expect(scope.RTCPeerConnection).toBe(Peer);
  });
});
