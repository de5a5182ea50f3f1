import { ApiProblem } from "../../api/problem";

// What goes wrong in a room, as problems with words of their own (`problem.room_…`). The client's enums are told by name, so that this file does not load it.

function fault(code: string, detail: string, status = 0): ApiProblem {
  return new ApiProblem({ status, code: `room_${code}`, detail, instance: "" });
}

interface Refusal {
  reasonName?: string;
  status?: number;
  message?: string;
}

/** Why the server did not let one in: livekit-client's `ConnectionError`, or anything else that was thrown. */
export function refusal(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown.code === "room_full" ? fault("full", thrown.detail) : thrown;
  const { reasonName, status, message = "" } = (typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) }) as Refusal;
  const detail = [reasonName, status, message].filter((part) => part !== undefined && part !== "").join(" ");
  if (status === 429 || /\b(full|max(imum)? participants|exceeded)\b/i.test(message)) return fault("full", detail);
  if (status === 401) return fault("expired", detail);
  if (status === 404) return fault("not_found", detail);
  switch (reasonName) {
    case "NotAllowed":
      return fault(/expired/i.test(message) ? "expired" : "refused", detail);
    case "ServerUnreachable":
    case "WebSocket":
      return fault("unreachable", detail);
    case "Timeout":
      return fault("timeout", detail);
    case "ServiceNotFound":
      return fault("no_rooms", detail);
    case "InternalError":
      return fault(/pc connection|peer connection|could not establish pc/i.test(message) ? "no_media" : "unreachable", detail);
    default:
      return fault(/isn't detected|doesn't seem to be supported/i.test(message) ? "unsupported" : /pc connection/i.test(message) ? "no_media" : "lost", detail);
  }
}

const ENDINGS: Record<string, string> = {
  DUPLICATE_IDENTITY: "elsewhere",
  PARTICIPANT_REMOVED: "removed",
  ROOM_DELETED: "closed",
  ROOM_CLOSED: "closed",
  SERVER_SHUTDOWN: "server_stopping",
  STATE_MISMATCH: "lost",
  JOIN_FAILURE: "no_media",
  USER_REJECTED: "refused",
  MEDIA_FAILURE: "no_media",
  CONNECTION_TIMEOUT: "lost",
};

/** Why one is out of the room; null where one left oneself. */
export function ending(reasonName: string | undefined): ApiProblem | null {
  if (reasonName === "CLIENT_INITIATED") return null;
  return fault(ENDINGS[reasonName ?? ""] ?? "lost", reasonName ?? "");
}

export type Device = "camera" | "microphone" | "screen";

/** Why a device cannot be had, or not be sent (the error names of Media Capture and Streams, section 10). Null where the person only closed the choice of screens. */
export function deviceFault(device: Device, thrown: unknown, secure: boolean): ApiProblem | null {
  const { name = "", message = String(thrown) } = thrown instanceof Error ? thrown : {};
  const detail = `${device}: ${name} ${message}`;
  if (!secure) return fault("insecure", detail);
  switch (name) {
    case "PublishTrackError": // the client's own: the token, or the server, allows no publishing
    case "SignalRequestError":
      return fault("may_not_publish", detail);
    case "NotAllowedError":
    case "PermissionDeniedError":
      return device === "screen" ? null : fault(`${device}_denied`, detail);
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return fault(`${device}_missing`, detail);
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return fault(`${device}_busy`, detail);
    default:
      return fault("device", detail);
  }
}
