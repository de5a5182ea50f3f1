import { call } from "../../api/client";
import type { Whole } from "../../api/model";
import type { components } from "../../api/schema";
import type { Joined } from "../meeting/model";

type Schemas = components["schemas"];

export type Reached = Whole<Schemas["Reached"]>;
export type GuestView = Whole<Schemas["GuestView"]>;
export type GuestLink = Whole<Schemas["GuestLink"]>;
export type MadeGuestLink = Whole<Schemas["MadeGuestLink"]>;
export type CalledPerson = Whole<Schemas["CalledPerson"]>;

/** Whom a number reaches. */
export function reach(number: string): Promise<Reached> {
  return call<Reached>("POST", "/meetings/by-number", { number });
}

/** What a guest's link leads to. */
export function lookAsGuest(link: string, signal?: AbortSignal): Promise<GuestView> {
  return call<GuestView>("POST", "/guest/look", { link }, signal);
}

/** Asks to come in as a guest; who waits asks again. */
export function joinAsGuest(link: string, name: string, signal?: AbortSignal): Promise<Joined> {
  return call<Joined>("POST", "/guest/join", { link, name }, signal);
}
