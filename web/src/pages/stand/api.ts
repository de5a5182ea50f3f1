import { call } from "../../api/client";
import type { Whole } from "../../api/model";
import type { components } from "../../api/schema";
import type { Joined } from "../meeting/model";

type Schemas = components["schemas"];

export type StandView = Whole<Schemas["StandView"]>;
export type StandMeeting = StandView["meetings"][number];
export type Call = StandView["calls"][number];
export type PairingCode = Whole<Schemas["PairingCode"]>;
export type PairingState = Schemas["PairingState"];

export const EVENTS = "/api/v1/stand/events";

/** How often a computer that shows its code asks whether somebody has typed it. */
export const CLAIM_MS = 2_000;

export const lookAround = (signal?: AbortSignal) => call<StandView>("GET", "/stand", undefined, signal);
export const beginPairing = (runs: string) => call<PairingCode>("POST", "/stand/pairing", { runs });
export const claimPairing = (secret: string) => call<{ state: PairingState }>("POST", "/stand/pairing/claim", { secret });
export const report = (runs: string) => call("POST", "/stand/report", { runs });
export const joinAsStand = (meeting: string, signal?: AbortSignal) => call<Joined>("POST", `/stand/meetings/${encodeURIComponent(meeting)}/join`, {}, signal);
