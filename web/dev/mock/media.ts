import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Pictures, sound and playlists for working on the pages without a server, made once by ffmpeg in the system's temporary folder.

export const SEGMENT_SECONDS = 2;
export const PROGRAMME_SECONDS = 60;
export const POSTERS = ["新闻联播", "本省新闻", "天气预报", "焦点访谈", "田间课堂", "会议实录"];

const folder = join(tmpdir(), "yizhan-mock-media-2");

function ffmpeg(...args: string[]): void {
  execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args]);
}

function font(): string {
  return execFileSync("fc-match", ["-f", "%{file}", "Noto Sans CJK SC:bold"], { encoding: "utf8" });
}

/** The folder with `poster-<n>.jpg`, `sprite.jpg`, `v0/ v1/ audio-48k/` and `live/`; made on first use. */
export function mediaFolder(): string {
  if (existsSync(folder)) return folder;
  const made = `${folder}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  const text = (words: string, size: number, y: string) => `drawtext=fontfile=${font()}:text='${words}':fontsize=${size}:fontcolor=white:x=80:y=${y}`;
  const colours = ["0x28527a:0x8ac4d0", "0x5b3a29:0xd9b382", "0x1f4e5f:0x79a8a9", "0x3c2a4d:0x9b7fa8", "0x31572c:0x90a955", "0x2b2d42:0x8d99ae"];
  POSTERS.forEach((title, index) => {
    const [from, to] = (colours[index] ?? "").split(":");
    ffmpeg("-f", "lavfi", "-i", `gradients=s=1280x720:c0=${from}:c1=${to}:x0=0:y0=0:x1=1280:y1=720:d=1`, "-vf", text(title, 96, "h-190"), "-frames:v", "1", join(made, `poster-${index}.jpg`));
  });
  const picture = `gradients=s=854x480:r=10:c0=0x28527a:c1=0x8ac4d0:speed=0.02:d=${PROGRAMME_SECONDS},drawtext=fontfile=${font()}:text='%{pts\\:hms}':fontsize=72:fontcolor=white:x=(w-tw)/2:y=(h-th)/2`;
  ffmpeg(
    ...["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", `sine=440:d=${PROGRAMME_SECONDS}`, "-map", "0:v", "-map", "0:v", "-map", "1:a"],
    ...["-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-keyint_min", "20", "-sc_threshold", "0", "-pix_fmt", "yuv420p", "-s:v:1", "480x270", "-b:v:0", "800k", "-b:v:1", "300k"],
    ...["-c:a", "aac", "-b:a", "48k", "-f", "hls", "-hls_time", String(SEGMENT_SECONDS), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4", "-hls_flags", "independent_segments"],
    ...["-var_stream_map", "v:0,agroup:sound,name:480p v:1,agroup:sound,name:270p a:0,agroup:sound,default:yes,name:audio-48k", "-master_pl_name", "master.m3u8"],
    ...["-hls_fmp4_init_filename", "init.mp4", "-hls_segment_filename", join(made, "%v/%d.m4s"), join(made, "%v/index.m3u8")],
  );
  ffmpeg("-f", "lavfi", "-i", picture, "-vf", "fps=1/10,scale=160:90,tile=6x1", "-frames:v", "1", join(made, "sprite-0.jpg"));
  const stamp = (seconds: number) => `00:0${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}.000`;
  const cues = Array.from({ length: 6 }, (_, cue) => `${stamp(cue * 10)} --> ${stamp(cue * 10 + 10)}\nsprite-0.jpg#xywh=${cue * 160},0,160,90\n`);
  writeFileSync(join(made, "thumbnails.vtt"), `WEBVTT\n\n${cues.join("\n")}`);
  renameSync(made, folder);
  return folder;
}

/** The name of a rung's initialisation segment, as ffmpeg chose it. */
function initOf(rung: string): string {
  const playlist = readFileSync(join(mediaFolder(), rung, "index.m3u8"), "utf8");
  return /EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1] ?? "init.mp4";
}

// hls.js counts up to the discontinuity sequence at every playlist: with one counted from 1970 it never comes back.
const BEGAN_MS = Math.floor(Date.now() / 60_000) * 60_000 - 6 * 3_600_000;

/** A live playlist: the programme's segments for ever, with a discontinuity where it begins again. */
export function livePlaylist(rung: string, nowMs: number, fromMs: number | null): string {
  const stepMs = SEGMENT_SECONDS * 1000;
  const count = PROGRAMME_SECONDS / SEGMENT_SECONDS;
  const last = Math.floor((nowMs - BEGAN_MS) / stepMs) - 1;
  const first = fromMs === null ? last - 8 : Math.max(0, Math.floor((fromMs - BEGAN_MS) / stepMs), last - 900);
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${SEGMENT_SECONDS}`, `#EXT-X-MEDIA-SEQUENCE:${first}`, `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(first / count)}`];
  if (fromMs !== null) lines.push("#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-START:TIME-OFFSET=0");
  lines.push("#EXT-X-INDEPENDENT-SEGMENTS", `#EXT-X-MAP:URI="/media/vod/${rung}/${initOf(rung)}"`);
  for (let n = first; n <= last; n += 1) {
    if (n % count === 0 && n > first) lines.push("#EXT-X-DISCONTINUITY");
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(BEGAN_MS + n * stepMs).toISOString()}`, `#EXTINF:${SEGMENT_SECONDS}.000,`, `/media/vod/${rung}/${n % count}.m4s`);
  }
  return `${lines.join("\n")}\n`;
}

export function liveMaster(query: string): string {
  const master = readFileSync(join(mediaFolder(), "master.m3u8"), "utf8");
  return master.replace(/(480p|270p|audio-48k)\/index\.m3u8/g, (_, rung: string) => `${rung}/index.m3u8${query}`);
}
