import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromiumPath } from "./browser";

// A line of a venue's own, which can be cut: a network namespace behind a veth pair, and a packet filter that drops all that goes through. It needs root.

const run = (command: string) => execFileSync("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });

/** Why no line can be made here; null where it can. */
export function noLines(): string | null {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  try {
    run("command -v ip && command -v nft");
    return null;
  } catch {
    return "the packages iproute2 and nftables are not installed";
  }
}

export class Line {
  /** This machine, as the line sees it; of the network of benchmarks (RFC 2544), so it is nobody's. */
  readonly here: string;
  /** Starts Chromium at the line's other end. */
  readonly program: string;
  private readonly name: string;
  private readonly folder: string;

  constructor(number = 0) {
    const host = (process.pid + number * 7919) % 250;
    this.name = `yzcut${process.pid}n${number}`;
    this.here = `198.19.${host}.1`;
    const there = `198.19.${host}.2`;
    run(`ip netns add ${this.name} && ip link add ${this.device} type veth peer name ${this.device} netns ${this.name}`);
    // No address comes by itself later: Chromium breaks off what it loads whenever the network changes.
    run(`ip link set ${this.device} addrgenmode none && ip -n ${this.name} link set ${this.device} addrgenmode none`);
    run(`ip addr add ${this.here} peer ${there}/32 dev ${this.device} && ip link set ${this.device} up`);
    const inside = `ip -n ${this.name}`;
    run(`${inside} link set lo up && ${inside} addr add ${there} peer ${this.here}/32 dev ${this.device} && ${inside} link set ${this.device} up && ${inside} route add default via ${this.here}`);
    this.folder = mkdtempSync(join(tmpdir(), "yizhan-line-"));
    this.program = join(this.folder, "chromium");
    writeFileSync(this.program, `#!/bin/sh\nexec ip netns exec ${this.name} ${chromiumPath()} "$@"\n`);
    chmodSync(this.program, 0o755);
  }

  /** Nothing goes through, either way, by UDP or TCP; nobody is told. */
  cut(): void {
    const drop = (hook: string, side: string) => `chain ${hook} { type filter hook ${hook} priority 0; ${side} "${this.device}" drop; };`;
    run(`nft 'table inet ${this.name} { ${drop("input", "iifname")} ${drop("output", "oifname")} }'`);
  }

  mend(): void {
    run(`nft delete table inet ${this.name}`);
  }

  end(): void {
    for (const command of [`nft delete table inet ${this.name}`, `ip link del ${this.device}`, `ip netns del ${this.name}`]) {
      try {
        run(command);
      } catch {
        // It is not there any more.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Of both ends; the kernel takes 15 letters. */
  private get device(): string {
    return this.name.slice(0, 15);
  }
}
