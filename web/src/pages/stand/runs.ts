/** What this computer is, in a line for those who look after it: browser, system, devices, screens. */
export async function runs(): Promise<string> {
  const agent = navigator.userAgent;
  const browser = /(Firefox|Edg|Chrome|Version)\/[\d.]+/.exec(agent)?.[0].replace("/", " ") ?? agent.slice(0, 60);
  const system = /\(([^)]*)\)/.exec(agent)?.[1]?.split(";").slice(0, 2).join(" ") ?? "";
  const media = navigator.mediaDevices as MediaDevices | undefined; // absent outside https
  const devices = (await media?.enumerateDevices().catch(() => [])) ?? [];
  const count = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind).length;
  return `${browser} · ${system} · ${count("videoinput")} 摄像头 camera, ${count("audioinput")} 麦克风 microphone · ${window.screen.width}×${window.screen.height}`;
}
