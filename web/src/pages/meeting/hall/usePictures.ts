import type { Room } from "livekit-client";
import { useEffect, useState } from "react";

import type { View } from "../../room/view";
import { Pictures } from "../pictures";
import type { Want } from "../plan";

/** Keeps the subscriptions as the page needs them, whoever comes, goes, or comes back after a cut. */
export function usePictures(room: Room, view: View, wants: readonly Want[], language: string | null): void {
  const [pictures] = useState(() => new Pictures(room));
  useEffect(() => pictures.ask(wants, language), [pictures, view, wants, language]);
  useEffect(() => () => pictures.end(), [pictures]);
}
