import styles from "./After.module.css";
import { blocksOf, type Block } from "./markup";

/** The minutes as they will stand on paper. */
export function Paper({ text }: { text: string }) {
  return (
    <article className={styles.paper} lang="zh-CN">
      {blocksOf(text).map((block, at) => (
        <Part key={at} block={block} />
      ))}
    </article>
  );
}

function Part({ block }: { block: Block }) {
  switch (block.kind) {
    case "title":
      return <h2 className={styles.paperTitle}>{block.text}</h2>;
    case "heading":
      return <h3>{block.text}</h3>;
    case "text":
      return <p>{block.text}</p>;
    case "note":
      return <p className={styles.paperNote}>{block.text}</p>;
    case "list":
      return (
        <ul>
          {block.items.map((item, at) => (
            <li key={at}>{item}</li>
          ))}
        </ul>
      );
    case "blank":
      return Array.from({ length: block.lines }, (_, at) => <div key={at} className={styles.paperLine} />);
    case "table":
      return (
        <div className={styles.paperTable}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, at) => (
                  <th key={at} scope="col">
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                <tr key={at}>
                  {block.head.map((_, column) => (
                    <td key={column}>{row[column]}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}
