import { IconActivity, IconCalendarTime, IconCoins, IconDeviceDesktop, IconDeviceTv, IconFolders, IconHash, IconHistory, IconKey, IconListCheck, IconMovie, IconProgress, IconUsers } from "@tabler/icons-react";

import type { Me } from "../../api/model";

type Right = keyof Me["may"];

/** The operators' places, and who sees which. */
export const PLACES = [
  { to: "/ops", words: "ops.status", icon: IconActivity, rights: ["operate"] as Right[] },
  { to: "/ops/channels", words: "ops.channels", icon: IconDeviceTv, rights: ["operate"] as Right[] },
  { to: "/ops/guide", words: "ops.guide", icon: IconCalendarTime, rights: ["operate", "edit"] as Right[] },
  { to: "/ops/rules", words: "ops.rules", icon: IconListCheck, rights: ["edit"] as Right[] },
  { to: "/ops/jobs", words: "ops.jobs", icon: IconProgress, rights: ["operate"] as Right[] },
  { to: "/ops/assets", words: "ops.assets", icon: IconMovie, rights: ["edit"] as Right[] },
  { to: "/ops/columns", words: "ops.columns", icon: IconFolders, rights: ["edit"] as Right[] },
  { to: "/ops/people", words: "ops.people", icon: IconUsers, rights: ["administer"] as Right[] },
  { to: "/ops/numbers", words: "ops.numbers", icon: IconHash, rights: ["administer"] as Right[] },
  { to: "/ops/stands", words: "stand.title", icon: IconDeviceDesktop, rights: ["operate", "administer"] as Right[] },
  { to: "/ops/savings", words: "ops.savings", icon: IconCoins, rights: ["operate", "audit"] as Right[] },
  { to: "/ops/tokens", words: "ops.tokens", icon: IconKey, rights: ["operate", "administer"] as Right[] },
  { to: "/ops/audit", words: "ops.audit", icon: IconHistory, rights: ["audit"] as Right[] },
] as const;
