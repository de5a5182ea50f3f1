import type { components } from "../../api/schema";

type Schemas = components["schemas"];

export type Meeting = Schemas["Meeting"];
export type OneMeeting = Schemas["OneMeeting"];
export type MeetingVenue = Schemas["MeetingVenue"];
export type MeetingDraft = Schemas["NewMeeting"];
export type Check = Schemas["Check"];
export type Mode = Schemas["Mode"];
export type PictureSize = Schemas["PictureSize"];

export const PICTURES: PictureSize[] = ["1080p", "720p", "480p", "270p", "audio"];

export const MODES: Mode[] = ["lecture", "discussion", "training", "emergency"];

/** How often the list of meetings is asked for again. */
export const MEETINGS_MS = 15_000;

/** What a meeting is: agenda, venues, papers. */
export function meetingPath({ id }: Pick<Meeting, "id">): string {
  return `/meetings/${encodeURIComponent(id)}`;
}

export function changePath({ id }: Pick<Meeting, "id">): string {
  return `/meetings/${encodeURIComponent(id)}/change`;
}

export function joinPath({ id }: Pick<Meeting, "id">): string {
  return `/meetings/${encodeURIComponent(id)}/join`;
}

export type AfterPart = "attendance" | "minutes" | "quality";

export function afterPath({ id }: Pick<Meeting, "id">, part: AfterPart = "attendance"): string {
  return `/meetings/${encodeURIComponent(id)}/after/${part}`;
}

export function deskPath({ id }: Pick<Meeting, "id">): string {
  return `/meetings/${encodeURIComponent(id)}/desk`;
}
