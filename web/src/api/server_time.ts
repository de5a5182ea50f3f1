// A desk's clock may be minutes wrong on a network without a time server. What is "now" in a programme is the server's to say: every answer
// carries a Date header, and its offset is kept here.

let offsetMs = 0;

/** Notes the offset; a difference under two seconds is the header's own rounding. */
export function hearServerTime(header: string | null, localMs: number): void {
  const serverMs = header === null ? NaN : Date.parse(header);
  if (Number.isNaN(serverMs)) return;
  const difference = serverMs + 500 - localMs;
  offsetMs = Math.abs(difference) < 2_000 ? 0 : difference;
}

/** The server's present time, as UTC milliseconds. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
