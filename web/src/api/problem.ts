import type { ProblemDocument } from "./model";

/** What went wrong with a request, whether the server said it or could not be asked. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The id that is also in the server's log; empty when no server answered. */
  readonly instance: string;
  /** Seconds until another try makes sense, where the server said (Retry-After). */
  readonly retryAfterSeconds: number | null;

  constructor(document: Pick<ProblemDocument, "status" | "code" | "detail" | "instance">, retryAfterSeconds: number | null = null) {
    super(`${document.code}: ${document.detail}`);
    this.name = "ApiProblem";
    this.status = document.status;
    this.code = document.code;
    this.detail = document.detail;
    this.instance = document.instance;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A refusal's body, which may be anything: a proxy answers with HTML, an old server with nothing. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): ApiProblem {
  const document = (typeof body === "object" && body !== null ? body : {}) as Partial<ProblemDocument>;
  const seconds = retryAfter === null ? NaN : Number(retryAfter);
  return new ApiProblem(
    {
      status,
      code: typeof document.code === "string" ? document.code : `http_${status}`,
      detail: typeof document.detail === "string" ? document.detail : "",
      instance: typeof document.instance === "string" ? document.instance : "",
    },
    Number.isFinite(seconds) ? seconds : null,
  );
}

/** Anything thrown, as a problem: a network that is not there is one too. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  const name = error instanceof Error ? error.name : "";
  const detail = error instanceof Error ? error.message : String(error);
  return new ApiProblem({ status: 0, code: name === "TimeoutError" ? "timeout" : "unreachable", detail, instance: "" });
}

/** The server writes some details as "中文 / English": the half that fits, or all of it. */
export function half(detail: string, language: string): string {
  const halves = detail.split(" / ");
  if (halves.length !== 2) return detail;
  return (language.startsWith("zh") ? halves[0] : halves[1]) ?? detail;
}

export interface ProblemWords {
  /** What happened. */
  what: string;
  /** The server's reason, when it adds something. */
  reason: string;
  /** What to do about it. */
  next: string;
}

/** Problems whose words already say all that the server's reason would. */
const SAID = new Set(["internal", "sign_in_needed", "wrong_password"]);

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** A problem in people's words. `exists` tells whether the language has a key. */
export function problemWords(problem: ApiProblem, language: string, t: Translate, exists: (key: string) => boolean): ProblemWords {
  const family = problem.status >= 500 ? "internal" : "refused";
  const code = [problem.code, `http_${problem.status}`, family].find((name) => exists(`problem.${name}.what`)) ?? family;
  const minutes = problem.retryAfterSeconds === null ? null : Math.max(1, Math.ceil(problem.retryAfterSeconds / 60));
  const timed = minutes !== null && exists(`problem.${code}.after`);
  return {
    what: t(`problem.${code}.what`),
    reason: problem.status === 0 || SAID.has(code) ? "" : half(problem.detail, language),
    next: timed ? t(`problem.${code}.after`, { minutes }) : t(`problem.${code}.next`),
  };
}
