import type { Unit } from "../../../api/model";

export interface Placed {
  unit: Unit;
  depth: number;
}

/** The units from the top down, each below its parent, in their order. One whose parent is not in the list is a top; a ring is cut. */
export function treeOf(units: Unit[]): Placed[] {
  const known = new Set(units.map(({ id }) => id));
  const below = new Map<string | null, Unit[]>();
  for (const unit of units) {
    const parent = unit.parent !== null && known.has(unit.parent) ? unit.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), unit]);
  }
  const placed: Placed[] = [];
  const seen = new Set<string>();
  const place = (parent: string | null, depth: number) => {
    const children = [...(below.get(parent) ?? [])].sort((one, other) => one.position - other.position || one.title.localeCompare(other.title, "zh"));
    for (const unit of children) {
      if (seen.has(unit.id)) continue;
      seen.add(unit.id);
      placed.push({ unit, depth });
      place(unit.id, depth + 1);
    }
  };
  place(null, 0);
  return placed;
}

/** The unit and all below it. */
export function subtree(units: Unit[], top: string): Set<string> {
  const inside = new Set([top]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { id, parent } of units) {
      if (parent !== null && inside.has(parent) && !inside.has(id)) {
        inside.add(id);
        grown = true;
      }
    }
  }
  return inside;
}
