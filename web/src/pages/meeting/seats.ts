import type { Tile, View } from "../room/view";
import type { VenueId } from "./model";
import type { Present } from "./plan";

/** Somebody in the room, with what the meeting says of them. */
export interface Seat extends Present {
  name: string;
  me: boolean;
  /** Their microphone is closed. */
  muted: boolean;
  speaking: boolean;
  quality: Tile["quality"];
  /** They may not open their microphone. */
  isLocked: boolean;
  isCameraOff: boolean;
  mayShare: boolean;
  answered: boolean;
  headcount: number | null;
  camera: Tile;
  screen: Tile | null;
}

const number = (value: string | undefined): number | null => (value === undefined || value === "" || Number.isNaN(Number(value)) ? null : Number(value));

/** Who is here, in the order of the meeting's list; strays behind. */
export function seatsOf({ tiles, screens }: Pick<View, "tiles" | "screens">): Seat[] {
  const seats = tiles.map((camera): Seat => {
    const screen = screens.find(({ identity }) => identity === camera.identity) ?? null;
    const said = (name: string) => camera.attributes[`yz.${name}`] === "1";
    return {
      identity: camera.identity,
      name: camera.name,
      me: camera.me,
      muted: camera.muted,
      speaking: camera.speaking,
      quality: camera.quality,
      hasCamera: camera.publication !== null || camera.track !== null,
      hasScreen: screen !== null,
      isLocked: said("locked"),
      isCameraOff: said("camera_off"),
      mayShare: said("may_share"),
      answered: said("roll"),
      headcount: number(camera.attributes["yz.headcount"]),
      camera,
      screen,
    };
  });
  const place = ({ camera }: Seat) => number(camera.attributes["yz.position"]) ?? Number.MAX_SAFE_INTEGER;
  return seats.sort((one, other) => place(one) - place(other) || one.name.localeCompare(other.name));
}

export function seatIn(seats: readonly Seat[], identity: VenueId | null): Seat | null {
  return seats.find((seat) => seat.identity === identity) ?? null;
}
