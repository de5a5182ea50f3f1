import type { Whole } from "../../api/model";
import type { components } from "../../api/schema";

export type Notice = Whole<components["schemas"]["Notice"]>;

/** How often the count in the head is asked for. */
export const UNREAD_MS = 60_000;

/** Reading a notice changes the count, too: both begin so. */
export const NOTICES = "/notices";
