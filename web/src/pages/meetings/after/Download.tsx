import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import styles from "./After.module.css";

export type FileKind = "pdf" | "xlsx" | "docx";

/** Files that the server makes of what is shown; `path` is without its ending, `query` with its question mark. */
export function Downloads({ path, kinds, query = "" }: { path: string; kinds: FileKind[]; query?: string }) {
  const { t } = useTranslation();
  return (
    <div className={styles.acts}>
      {kinds.map((kind) => (
        <Button key={kind} component="a" variant="default" href={`/api/v1${path}.${kind}${query}`} download leftSection={<IconDownload size={18} stroke={1.75} aria-hidden />}>
          {t(`after.${kind}`)}
        </Button>
      ))}
    </div>
  );
}
