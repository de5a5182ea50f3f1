// Names for the API's shapes, from the description that the server gives of itself (`npm run types`).
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The server writes every field: what OpenAPI calls optional comes as null. */
export type Whole<T> = T extends (infer Item)[] ? Whole<Item>[] : T extends object ? { [Key in keyof T]-?: Whole<Exclude<T[Key], undefined>> } : T;

export type ProblemDocument = Schemas["Problem"];
export type Me = Whole<Schemas["Me"]>;
export type Role = Schemas["Role"];
export type RoleOn = Schemas["RoleOn"];
export type Front = Whole<Schemas["Front"]>;
export type Channel = Whole<Schemas["Channel"]>;
export type ChannelDraft = Whole<Schemas["NewChannel"]>;
/** How a channel comes in; the server takes the words as a string and says when one is none of these. */
export type SourceKind = "udp" | "rtp" | "file";
export type Signal = Whole<Schemas["Signal"]>;
export type Gap = Schemas["MissingStretch"];
export type Tape = Whole<Schemas["Tape"]>;
export type Service = Whole<Schemas["OfferedService"]>;
export type Programme = Whole<Schemas["Programme"]>;
export type Slot = Schemas["Slot"];
export type SlotDraft = Schemas["NewSlot"];
/** The warning is the server's own, and newer than the description's. */
export type Rule = Whole<Schemas["Rule"]> & { warning?: string | null };
export type RuleDraft = Whole<Schemas["NewRule"]>;
export type Preview = Whole<Schemas["Preview"]>;
export type Column = Whole<Schemas["Column"]>;
export type Asset = Whole<Schemas["Asset"]>;
export type Job = Whole<Schemas["Job"]>;
export type Status = Whole<Schemas["Status"]>;
export type Disk = Whole<Schemas["Disk"]>;
export type Unit = Whole<Schemas["Unit"]>;
export type Person = Whole<Schemas["Person"]>;
export type Site = Whole<Schemas["Site"]>;
export type NumberSegment = Whole<Schemas["NumberSegment"]>;
export type NumberEntry = Whole<Schemas["NumberEntry"]>;
export type NumberUse = Whole<Schemas["Use"]>;
export type Grant = Whole<Schemas["Grant"]>;
export type Token = Whole<Schemas["Token"]>;
export type MadeToken = Whole<Schemas["MadeToken"]>;
export type Entry = Whole<Schemas["Entry"]>;
export type ImportReport = Whole<Schemas["ImportReport"]>;

/** A page of a list; `next` is the cursor of the page after it. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
