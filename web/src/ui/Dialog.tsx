import "./mantine_forms.css";

import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: string | number;
  children: ReactNode;
}

/** A window over the page. */
export function Dialog({ title, opened, onClose, size = "md", children }: Props) {
  const { t } = useTranslation();
  return (
    <Modal title={title} opened={opened} onClose={onClose} size={size} closeButtonProps={{ "aria-label": t("act.close") }}>
      {children}
    </Modal>
  );
}
