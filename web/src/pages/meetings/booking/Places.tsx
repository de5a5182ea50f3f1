import type { ReactNode } from "react";

import { useAll } from "../../../api/hooks";
import type { Site, Unit } from "../../../api/model";
import { Loaded } from "../../../ui/Loaded";

/** Units and sites, which a booking chooses from. */
export function Places({ children }: { children: (units: Unit[], sites: Site[]) => ReactNode }) {
  const units = useAll<Unit>("/units");
  const sites = useAll<Site>("/sites");
  return <Loaded of={units}>{(ofUnits) => <Loaded of={sites}>{(ofSites) => children(ofUnits, ofSites)}</Loaded>}</Loaded>;
}
