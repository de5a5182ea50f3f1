// Names for the API's shapes. When schema.ts has been generated, import `components` from there.
import type { components } from "./types";

type Schemas = components["schemas"];

export type ProblemDocument = Schemas["Problem"];
export type Me = Schemas["Me"];
export type Role = Schemas["Role"];
export type Front = Schemas["Front"];
export type Channel = Schemas["Channel"];
export type ChannelDraft = Schemas["ChannelDraft"];
export type Signal = Schemas["Signal"];
export type Source = Schemas["Source"];
export type Gap = Schemas["Gap"];
export type Tape = Schemas["Tape"];
export type Service = Schemas["Service"];
export type Programme = Schemas["Programme"];
export type Slot = Schemas["Slot"];
export type SlotDraft = Schemas["SlotDraft"];
export type Rule = Schemas["Rule"];
export type RuleDraft = Schemas["RuleDraft"];
export type Preview = Schemas["Preview"];
export type Column = Schemas["Column"];
export type ColumnDraft = Schemas["ColumnDraft"];
export type Asset = Schemas["Asset"];
export type AssetDraft = Schemas["AssetDraft"];
export type Job = Schemas["Job"];
export type Status = Schemas["Status"];
export type Unit = Schemas["Unit"];
export type Person = Schemas["Person"];
export type Grant = Schemas["Grant"];
export type Token = Schemas["Token"];
export type MadeToken = Schemas["MadeToken"];
export type RoleOn = Schemas["RoleOn"];
export type Entry = Schemas["Entry"];
export type ImportResult = Schemas["ImportResult"];

/** A page of a list; `next` is the cursor of the page after it. */
export interface Page<T> {
  items: T[];
  next: string | null;
}
