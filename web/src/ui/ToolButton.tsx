import { ActionIcon } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";

type Props = Omit<ComponentProps<typeof ActionIcon<"button">>, "aria-label"> & { label: string; children: ReactNode };

/** A button that is only a picture, with its name for the pointer and for readers. */
export function ToolButton({ label, children, ...others }: Props) {
  return (
    <ActionIcon variant="subtle" color="var(--ink)" size={44} aria-label={label} title={label} {...others}>
      {children}
    </ActionIcon>
  );
}
