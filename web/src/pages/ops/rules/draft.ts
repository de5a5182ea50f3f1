import type { Rule, RuleDraft } from "../../../api/model";

export const NEW_RULE: RuleDraft = {
  title: "",
  title_match: "contains",
  channel: null,
  weekdays: [],
  from_time: null,
  to_time: null,
  column: "",
  pad_before_seconds: 30,
  pad_after_seconds: 60,
  keep_last: null,
  keep_days: null,
  enabled: true,
};

/** What of a rule may be changed. */
export function asDraft({ id, warning, ...draft }: Rule): RuleDraft {
  return draft;
}

/** Whether it says enough to be tried on the guide. */
export function canPreview(draft: RuleDraft): boolean {
  return draft.title_match === "any" ? draft.channel !== null : draft.title.trim() !== "";
}
