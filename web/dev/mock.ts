import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import type { Plugin } from "vite";

import { world as makeWorld, type World } from "./mock/data.ts";
import { liveMaster, livePlaylist, mediaFolder } from "./mock/media.ts";
import { ROUTES } from "./mock/routes.ts";

// A stand-in for the server, for working on the pages and for their own tests. It is part of the development server only.

/** What the server sends with every page; a page that breaks it is broken. */
export const POLICY = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; style-src 'self'";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript",
  ".m3u8": "application/vnd.apple.mpegurl",
  ".m4s": "video/mp4",
  ".mp4": "video/mp4",
  ".svg": "image/svg+xml",
  ".vtt": "text/vtt",
};

function sendFile(response: ServerResponse, path: string): void {
  if (!existsSync(path) || !statSync(path).isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": POLICY });
  createReadStream(path).pipe(response);
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type }).end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function api(world: World, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const text = await textOf(request);
  const json = (request.headers["content-type"] ?? "").includes("json");
  const path = decodeURIComponent(url.pathname.replace("/api/v1", ""));
  for (const [method, pattern, answer] of ROUTES) {
    const found = pattern.exec(path);
    if (method !== request.method || !found) continue;
    const body = json && text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const { status, body: out, type } = answer(world, { method, path, query: url.searchParams, body, text, now: Date.now() }, found[1] ?? "");
    response.writeHead(status, { "content-type": type ?? "application/json" }).end(out === undefined ? undefined : typeof out === "string" ? out : JSON.stringify(out));
    return;
  }
  response.writeHead(404, { "content-type": "application/problem+json" }).end(JSON.stringify({ status: 404, code: "not_found", detail: path, instance: "mock", title: "", type: "" }));
}

function media(response: ServerResponse, url: URL): void {
  const path = url.pathname;
  const from = url.searchParams.get("from");
  const live = /^\/media\/live\/[^/]+\/(?:(master)|([^/]+)\/index)\.m3u8$/.exec(path);
  if (live?.[1]) return send(response, TYPES[".m3u8"] ?? "", liveMaster(url.search));
  if (live?.[2]) return send(response, TYPES[".m3u8"] ?? "", livePlaylist(live[2], Date.now(), from === null ? null : Number(from)));
  return sendFile(response, join(mediaFolder(), normalize(path.replace(/^\/media\/(vod|assets\/[^/]+)\//, "/"))));
}

/** Answers API and media requests; false for anything else. */
function mock(world: World) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = new URL(request.url ?? "/", "http://mock");
    if (url.pathname.startsWith("/api/")) void api(world, request, response, url);
    else if (url.pathname.startsWith("/media/")) media(response, url);
    else return false;
    return true;
  };
}

export function mockPlugin(): Plugin {
  return {
    name: "yizhan-mock",
    configureServer(server) {
      const answer = mock(makeWorld(Date.now()));
      server.middlewares.use((request, response, next) => {
        if (!answer(request, response)) next();
      });
    },
  };
}

/** The built pages with the stand-in behind them and the server's policy: what the tests of the pages run against when there is no server. */
export async function serveBuilt(dist: string): Promise<{ url: string; world: World; server: Server }> {
  mediaFolder(); // made before anyone waits for a page
  const world = makeWorld(Date.now());
  const answer = mock(world);
  const server = createServer((request, response) => {
    if (answer(request, response)) return;
    const path = join(dist, normalize(new URL(request.url ?? "/", "http://mock").pathname));
    sendFile(response, existsSync(path) && statSync(path).isFile() ? path : join(dist, "index.html"));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`, world, server };
}
