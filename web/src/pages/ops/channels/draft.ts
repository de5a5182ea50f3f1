import type { Channel, ChannelDraft, SourceKind } from "../../../api/model";

/** A channel's form, as it is typed. */
export interface Typed {
  id: string;
  title: string;
  kind: SourceKind;
  address: string;
  interface: string;
  service: string;
  charset: string;
  keepHours: string;
  keepGigabytes: string;
  audience: string;
  unit: string;
  enabled: boolean;
}

const GIGABYTE = 1024 ** 3;

const KINDS: readonly SourceKind[] = ["udp", "rtp", "file"];

export function asKind(kind: string): SourceKind {
  return KINDS.find((known) => known === kind) ?? "udp";
}

const text = (value: number | null) => (value === null ? "" : String(value));

export function typedOf(channel: Channel | null, unit: string, count: number): Typed {
  if (!channel) {
    return { id: `channel-${count + 1}`, title: "", kind: "udp", address: "", interface: "", service: "", charset: "", keepHours: "", keepGigabytes: "", audience: "public", unit, enabled: true };
  }
  const { id, title, source, service, charset, keep_hours: hours, keep_bytes: bytes, audience, enabled } = channel;
  return {
    id,
    title,
    kind: asKind(source.kind),
    address: source.address,
    interface: source.interface ?? "",
    service: text(service),
    charset: charset ?? "",
    keepHours: text(hours),
    keepGigabytes: bytes === null ? "" : String(Number((bytes / GIGABYTE).toFixed(2))),
    audience,
    unit: channel.unit,
    enabled,
  };
}

function number(value: string): number | null {
  const parsed = Number(value);
  return value.trim() === "" || !Number.isFinite(parsed) ? null : parsed;
}

export function draftOf(typed: Typed): ChannelDraft {
  const gigabytes = number(typed.keepGigabytes);
  return {
    id: typed.id.trim(),
    title: typed.title.trim(),
    source: { kind: typed.kind, address: typed.address.trim(), interface: typed.kind === "file" || typed.interface.trim() === "" ? null : typed.interface.trim() },
    service: number(typed.service),
    charset: typed.charset === "" ? null : typed.charset,
    keep_hours: number(typed.keepHours),
    keep_bytes: gigabytes === null ? null : Math.round(gigabytes * GIGABYTE),
    audience: typed.audience,
    unit: typed.unit,
    enabled: typed.enabled,
  };
}

/** An address with a port (`239.1.1.1:5000`, `[ff02::1]:5000`); for a file, any path. */
export function addressFits(kind: SourceKind, address: string): boolean {
  if (kind === "file") return address.trim() !== "";
  const found = /^(\[[0-9a-fA-F:.]+\]|[^\s:]+):(\d{1,5})$/.exec(address.trim());
  return found !== null && Number(found[2]) > 0 && Number(found[2]) < 65_536;
}
