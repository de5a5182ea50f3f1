// Names of simulcast layers.

export type Layer = "high" | "medium" | "low";

/** What a viewer may ask for: what fits the tile, at most one layer, or no picture at all. */
export type LayerChoice = "auto" | Layer | "off";

export const LAYER_CHOICES: readonly LayerChoice[] = ["auto", "high", "medium", "low", "off"];

const RIDS: Record<string, Layer> = { f: "high", h: "medium", q: "low" };

/** The layer that a RID stands for (LiveKit sends q, h and f). */
export function layerOfRid(rid: string | null): Layer | null {
  return RIDS[rid ?? ""] ?? null;
}

/** The layer that comes in, by its height beside that of the whole picture: layers are halves of one another. */
export function layerOfHeight(height: number | null, wholeHeight: number | null): Layer | null {
  if (!height || !wholeHeight) return null;
  const part = height / wholeHeight;
  return part > 0.7 ? "high" : part > 0.35 ? "medium" : "low";
}
