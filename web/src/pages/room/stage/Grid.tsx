import type { CSSProperties } from "react";

import type { View } from "../view";
import { columnsFor, narrowColumnsFor } from "./columns";
import styles from "./Grid.module.css";
import { TileBox } from "./TileBox";

/** Everyone in equal tiles; where a screen is shared it is large, and the people stand beside it. */
export function Grid({ view }: { view: View }) {
  const { tiles, screens } = view;
  const columns = { "--columns": columnsFor(tiles.length), "--narrow-columns": narrowColumnsFor(tiles.length) } as CSSProperties;
  return (
    <div className={styles.place} data-screens={screens.length > 0 || undefined}>
      {screens.length > 0 && (
        <div className={styles.screens}>
          {screens.map((tile) => (
            <TileBox key={tile.key} tile={tile} />
          ))}
        </div>
      )}
      <div className={styles.people} style={columns}>
        {tiles.map((tile) => (
          <TileBox key={tile.key} tile={tile} />
        ))}
      </div>
    </div>
  );
}
