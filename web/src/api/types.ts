// The shapes of the HTTP API, written by hand until `npm run types` makes schema.ts from the server's openapi.json. The outline is the one
// openapi-typescript gives, so that model.ts changes one import and nothing else.

/** Milliseconds since 1970 in UTC. */
type UtcMs = number;

export interface components {
  schemas: {
    Problem: { type: string; title: string; status: number; code: string; detail: string; instance: string };
    Me: {
      person: { id: string; name: string; display_name: string } | null;
      network: string | null;
      roles: { role: components["schemas"]["Role"]; unit: string; unit_title: string }[];
      may: { operate: boolean; edit: boolean; administer: boolean; audit: boolean };
      highest_rung: string | null;
      /** The configured zone; Asia/Shanghai where a server does not say. */
      time_zone?: string;
      must_change_password?: boolean;
    };
    Role: "viewer" | "column_editor" | "operator" | "chair" | "auditor" | "administrator";
    Front: {
      date: string;
      is_yesterday: boolean;
      news: components["schemas"]["Asset"][];
      live: components["schemas"]["Channel"][];
      columns: { column: components["schemas"]["Column"]; items: components["schemas"]["Asset"][] }[];
    };
    Source: { kind: "udp" | "rtp" | "file"; address: string; interface: string | null };
    Signal: {
      state: "ok" | "starting" | "missing" | "error" | "off";
      since: UtcMs;
      message: string | null;
      bitrate_bps: number;
      continuity_errors: number;
      transport_errors: number;
      lost_packets: number;
      scrambled: boolean;
      video: string | null;
      audio: string | null;
      width: number | null;
      height: number | null;
      browser_playable: boolean;
      why_not: string | null;
    };
    Channel: {
      id: string;
      title: string;
      source: components["schemas"]["Source"];
      service: number | null;
      charset: string | null;
      keep_hours: number | null;
      keep_bytes: number | null;
      enabled: boolean;
      audience: string;
      unit: string;
      signal: components["schemas"]["Signal"];
      now: components["schemas"]["Programme"] | null;
      next: components["schemas"]["Programme"] | null;
      live_url: string;
    };
    ChannelDraft: Pick<components["schemas"]["Channel"], "id" | "title" | "source" | "service" | "charset" | "keep_hours" | "keep_bytes" | "enabled" | "audience" | "unit">;
    Gap: { from: UtcMs; to: UtcMs; reason: string };
    Tape: {
      from: UtcMs | null;
      to: UtcMs | null;
      bytes: number;
      gaps: components["schemas"]["Gap"][];
      errors: { at: UtcMs; continuity: number; transport: number }[];
      hours_kept: number;
    };
    Service: { service: number; title: string | null; scrambled: boolean; streams: string[] };
    Programme: {
      channel: string;
      event: string;
      title: string;
      subtitle: string | null;
      description: string | null;
      start: UtcMs;
      end: UtcMs;
      source: "eit" | "timetable";
      running: boolean;
    };
    Slot: { id: string; weekdays: number[]; start: string; end: string; title: string };
    SlotDraft: Omit<components["schemas"]["Slot"], "id">;
    Rule: components["schemas"]["RuleDraft"] & { id: string; warning: string | null };
    RuleDraft: {
      title: string;
      title_match: "contains" | "exact" | "any";
      channel: string | null;
      weekdays: number[];
      from_time: string | null;
      to_time: string | null;
      column: string;
      pad_before_seconds: number;
      pad_after_seconds: number;
      keep_last: number | null;
      keep_days: number | null;
      enabled: boolean;
    };
    Preview: { items: components["schemas"]["Programme"][]; warning: string | null };
    Column: { id: string; title: string; audience: string; unit: string; position: number; on_front: boolean };
    ColumnDraft: components["schemas"]["Column"];
    Rendition: { name: string; width: number | null; height: number | null; bitrate_bps: number; codecs: string };
    Asset: {
      id: string;
      title: string;
      description: string | null;
      column: string;
      channel: string | null;
      channel_title: string | null;
      start: UtcMs | null;
      end: UtcMs | null;
      from: UtcMs | null;
      to: UtcMs | null;
      duration_ms: number | null;
      state: "taping" | "queued" | "transcoding" | "ready" | "failed" | "cancelled";
      progress: number | null;
      error: string | null;
      playable: boolean;
      master_url: string;
      poster_url: string | null;
      thumbnails_url: string | null;
      renditions: components["schemas"]["Rendition"][];
      gaps: components["schemas"]["Gap"][];
      created: UtcMs;
    };
    AssetDraft: { title: string; channel: string; from: UtcMs; to: UtcMs; column: string };
    Job: {
      id: string;
      kind: string;
      asset: string | null;
      title: string;
      state: "queued" | "running" | "done" | "failed" | "cancelled";
      progress: number | null;
      eta_seconds: number | null;
      attempts: number;
      error: string | null;
      created: UtcMs;
      started: UtcMs | null;
      finished: UtcMs | null;
    };
    Status: {
      version: string;
      started: UtcMs;
      now: UtcMs;
      time_zone: string;
      disk: { total: number; free: number; reserve: number; tapes_bytes: number; assets_bytes: number; full_in_hours: number | null };
      channels: { ok: number; missing: number; error: number; off: number };
      jobs: { queued: number; running: number; failed: number };
      warnings: { what: string; detail: string; at: UtcMs }[];
    };
    Unit: { id: string; parent: string | null; kind: "region" | "body" | "department"; level: string; title: string; position: number; created: UtcMs };
    NewUnit: { id?: string; parent: string; kind: components["schemas"]["Unit"]["kind"]; level?: string; title: string; position?: number };
    Person: { id: string; name: string; display_name: string; unit: string; disabled: boolean; has_password: boolean; created: UtcMs };
    NewPerson: { name: string; display_name?: string; unit: string; disabled?: boolean; password?: string };
    Grant: { id: string; person: string; role: components["schemas"]["Role"]; unit: string; created: UtcMs };
    NewGrant: { person: string; role: components["schemas"]["Role"]; unit: string };
    RoleOn: { role: components["schemas"]["Role"]; unit: string };
    Token: { id: string; person: string; name: string; roles: components["schemas"]["RoleOn"][]; created: UtcMs; expires: UtcMs | null; last_used: UtcMs | null };
    MadeToken: components["schemas"]["Token"] & { token: string };
    Entry: {
      sequence: number;
      at: UtcMs;
      actor: string;
      person: string | null;
      person_name: string | null;
      token: string | null;
      address: string | null;
      action: string;
      object: string;
      unit: string | null;
      before: unknown;
      after: unknown;
    };
    ImportResult: { created: number; updated: number; errors: { line: number; message: string }[] };
  };
}
