import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Site } from "./browser";

// A server of a test's own, which can be killed.

const PROGRAM = process.env.YIZHAN ?? join(import.meta.dirname, "../../target/debug/yizhan");
const READY_MS = 60_000;

const freePort = (host: string) =>
  new Promise<number>((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });

export class OwnServer {
  private child: ChildProcess | undefined;
  private password = "";

  private constructor(
    private readonly folder: string,
    private readonly host: string,
    private readonly port: number,
  ) {}

  /** By HTTPS on this address, where its media is, too. */
  static async start(host: string): Promise<OwnServer> {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: build it, or name it in YIZHAN`);
    const folder = mkdtempSync(join(tmpdir(), "yizhan-own-"));
    const [port, inside, media] = await Promise.all([freePort(host), freePort("127.0.0.1"), freePort(host)]);
    const config = `[server]\nhttps_listen = "${host}:${port}"\nhttp_listen = "127.0.0.1:${inside}"\ncertificate_listen = "off"\n[rooms]\nudp_port = ${media}\ntcp_port = 0\naddresses = ["${host}"]\n[storage]\nfolder = ${JSON.stringify(join(folder, "recordings"))}\n`;
    writeFileSync(join(folder, "yizhan.toml"), config);
    const server = new OwnServer(folder, host, port);
    await server.up();
    return server;
  }

  get site(): Site {
    return { url: `https://${this.host}:${this.port}`, name: "admin", password: this.password, mock: false, close: () => undefined };
  }

  /** Until it answers; tells how long it took, in ms. */
  async up(): Promise<number> {
    const begun = Date.now();
    const log = openSync(join(this.folder, "log"), "a");
    const child = spawn(PROGRAM, ["serve", "--config", join(this.folder, "yizhan.toml")], { stdio: ["ignore", "pipe", log] });
    this.child = child;
    let said = "";
    child.stdout?.on("data", (words: Buffer) => {
      said += words.toString();
      this.password = /password: (\S+)/.exec(said)?.[1] ?? this.password;
    });
    while (!(await this.answers()) || this.password === "") {
      if (child.exitCode !== null || Date.now() - begun > READY_MS) throw new Error(`the server did not start:\n${said}\n${this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return Date.now() - begun;
  }

  /** As a power cut does it. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  log(): string {
    return readFileSync(join(this.folder, "log"), "utf8").split("\n").slice(-60).join("\n");
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Whether its door is open: a refused connection says no, whatever the certificate. */
  private answers(): Promise<boolean> {
    return import("node:https").then(
      ({ get }) =>
        new Promise((resolve) => {
          const asked = get(`${this.site.url}/readyz`, { rejectUnauthorized: false, timeout: 1_000 }, (answer) => {
            answer.resume();
            resolve(answer.statusCode === 200);
          });
          asked.on("error", () => resolve(false));
          asked.on("timeout", () => asked.destroy());
        }),
    );
  }
}
