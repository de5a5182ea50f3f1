// What is done to a video element. React's rules see an element in state as a value; that it changes is this file's business.

export function play(video: HTMLVideoElement): void {
  // A browser may refuse until the reader has pressed something; the page then shows its own play button.
  video.play().catch(() => undefined);
}

export function togglePlay(video: HTMLVideoElement): void {
  if (video.paused) play(video);
  else video.pause();
}

export function seek(video: HTMLVideoElement, seconds: number): void {
  video.currentTime = Math.max(0, seconds);
}

export function setMuted(video: HTMLVideoElement, muted: boolean): void {
  video.muted = muted;
}

export function setVolume(video: HTMLVideoElement, volume: number): void {
  video.muted = false;
  video.volume = Math.min(1, Math.max(0, volume));
}

export function setSpeed(video: HTMLVideoElement, speed: number): void {
  video.playbackRate = speed;
}

/** The whole frame goes to full screen, so that our controls come with it; a phone of Apple's can only enlarge the video itself. */
export function toggleFullscreen(frame: HTMLElement | null, video: HTMLVideoElement): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else if (frame?.requestFullscreen) frame.requestFullscreen().catch(() => undefined);
  else (video as HTMLVideoElement & { webkitEnterFullscreen?: () => void }).webkitEnterFullscreen?.();
}
