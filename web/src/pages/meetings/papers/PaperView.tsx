import { Button } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";

import { LinesSkeleton } from "../../../ui/Loaded";
import { fileUrl, type Of, type Paper } from "./api";
import styles from "./Papers.module.css";

// The reader of PDF is as large as all other pages together: it comes when a paper is opened.
const PdfPage = lazy(() => import("./PdfPage"));

interface Props {
  of: Of;
  paper: Paper;
  page: number;
  /** How many pages it has. */
  onPages: (pages: number) => void;
}

/** A page of a paper, as large as its place. */
export function PaperView({ of, paper, page, onPages }: Props) {
  const { t } = useTranslation();
  switch (paper.kind) {
    case "pdf":
      return (
        <Suspense fallback={<LinesSkeleton lines={4} />}>
          <PdfPage url={fileUrl(of, paper.id)} title={paper.title} page={page} onPages={onPages} />
        </Suspense>
      );
    case "picture":
      return <img className={styles.image} src={fileUrl(of, paper.id)} alt={paper.title} onLoad={() => onPages(1)} data-page={1} />;
    case "office":
      return (
        <div className={styles.office}>
          <p>{t("papers.office", { title: paper.title })}</p>
          <Button component="a" href={fileUrl(of, paper.id, true)} download color="accent">
            {t("papers.save")}
          </Button>
        </div>
      );
  }
}
