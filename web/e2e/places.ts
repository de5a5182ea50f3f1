import type { Page } from "playwright-core";

import { camera, type Camera } from "./cameras";

// Counties that take part in meetings, made by whoever is signed in on a page.

const PASSWORD = "three unrelated words";
const STAMP = Date.now().toString(36);

export interface Place {
  title: string;
  venue: string;
  person: { id: string; name: string; password: string };
  camera: Camera;
}

/** A call of the API as the page's own person. */
export async function api<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  const { status, text } = await page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(`/api/v1${path}`, { method, headers: { "content-type": "application/json" }, ...(body !== undefined && { body: JSON.stringify(body) }) });
      return { status: answer.status, text: await answer.text() };
    },
    [method, path, body] as const,
  );
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return JSON.parse(text) as T;
}

export async function rootUnit(page: Page): Promise<string | undefined> {
  const units = await api<{ items: { id: string; parent: string | null }[] }>(page, "GET", "/units");
  return units.items.find(({ parent }) => parent === null)?.id;
}

/** A county with a place, and somebody who sits there. Other tests have places of the same title, so the unit has a name of its own. */
export async function makePlace(page: Page, title: string, name: string, luma: number, hertz?: number): Promise<Place> {
  const unit = await api<{ id: string }>(page, "POST", "/units", { parent: await rootUnit(page), title: `${title} ${name}-${STAMP}`, kind: "region", level: "county" });
  const site = await api<{ id: string }>(page, "POST", "/sites", { unit: unit.id, title });
  const person = { name: `${name}-${STAMP}`, password: PASSWORD };
  const { id } = await api<{ id: string }>(page, "POST", "/people", { ...person, display_name: `${title}操作员`, unit: unit.id });
  return { title, venue: `site:${site.id}`, person: { id, ...person }, camera: camera(name, luma, hertz) };
}

/** A meeting that begins in a minute; its id. Who sits in the main venue chairs it, so that no test has the chair of another. */
export async function bookMeeting(page: Page, title: string, main: Place, branches: readonly Place[], more: Record<string, unknown> = {}): Promise<string> {
  const when = { starts: Date.now() + 60_000, ends: Date.now() + 3_660_000 };
  const booked = await api<{ items: { id: string }[] }>(page, "POST", "/meetings", { unit: await rootUnit(page), title, mode: "lecture", ...when, chair: main.person.id, main: main.venue, branches: branches.map(({ venue }) => venue), ...more });
  const id = booked.items[0]?.id;
  if (!id) throw new Error("the meeting was not booked");
  return id;
}

/** The meeting is over: who chairs it is free for the next test's. */
export async function closeMeeting(page: Page, id: string): Promise<void> {
  await api(page, "POST", `/meetings/${id}/commands`, { act: "close" });
}
