import { asProblem, problemOf } from "./problem";
import { hearServerTime } from "./server_time";

const PREFIX = "/api/v1";
const TIMEOUT_MS = 15_000;

export type Query = Record<string, string | number | boolean | null | undefined>;

/** A path with its query; empty values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  const type = response.headers.get("content-type") ?? "";
  if (response.status === 204) return undefined;
  if (!type.includes("json")) return response.text();
  return response.json();
}

/** One request. Whatever goes wrong is thrown as an `ApiProblem`. `outlives`: it is sent to its end though the page is left. */
export async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, headers: Record<string, string> = {}, outlives = false): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const csv = body instanceof Blob;
  try {
    const response = await fetch(PREFIX + path, {
      method,
      credentials: "same-origin",
      keepalive: outlives,
      headers: { ...headers, accept: "application/json", ...(body === undefined ? {} : { "content-type": csv ? "text/csv; charset=utf-8" : "application/json" }) },
      body: body === undefined ? undefined : csv ? body : JSON.stringify(body),
      signal: signal ? eitherSignal(signal, timeout) : timeout,
    });
    hearServerTime(response.headers.get("date"), Date.now());
    if (!response.ok) throw problemOf(response.status, await bodyOf(response).catch(() => null), response.headers.get("retry-after"));
    return (await bodyOf(response)) as T;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw asProblem(error);
  }
}

/** `AbortSignal.any`, which Chromium 109 does not have. */
function eitherSignal(one: AbortSignal, other: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const signal of [one, other]) {
    if (signal.aborted) both.abort(signal.reason);
    signal.addEventListener("abort", () => both.abort(signal.reason), { once: true });
  }
  return both.signal;
}
