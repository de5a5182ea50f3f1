import type { Wish } from "../session";

/** What one wants to enter with, as far as it is chosen before; the token is asked for when one enters. */
export type Devices = Omit<Wish, "token">;

/** Those of them that are devices. */
export type OwnDevices = Omit<Devices, "name">;
