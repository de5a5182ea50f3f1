import type { ReactNode } from "react";

import styles from "./Table.module.css";

interface Props {
  /** What the table lists, for readers. */
  label: string;
  head: string[];
  children: ReactNode;
}

/** A table; on a narrow screen each row becomes a small card, and its cells carry their own names. */
export function Table({ label, head, children }: Props) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {head.map((words, column) => (
            <th key={column} scope="col">
              {words || <span className="for-readers">·</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

interface CellProps {
  label?: string;
  /** The cell that names its row. */
  main?: boolean;
  acts?: boolean;
  children: ReactNode;
}

export function Cell({ label, main = false, acts = false, children }: CellProps) {
  return (
    <td data-label={label} className={main ? styles.main : acts ? styles.acts : undefined}>
      {acts ? <div>{children}</div> : children}
    </td>
  );
}
