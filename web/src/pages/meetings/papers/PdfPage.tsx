import { getDocument, GlobalWorkerOptions, type PDFDocumentProxy, RenderingCancelledException } from "pdfjs-dist/legacy/build/pdf.mjs";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import styles from "./Papers.module.css";

GlobalWorkerOptions.workerSrc = worker;

/** Tables of Chinese fonts that a file does not bring itself, and stand-ins for the fourteen that every reader has; put there by the build. */
const resource = (name: string) => new URL(`/${__PDF_RESOURCES__}/${name}/`, window.location.href).href;

interface Props {
  url: string;
  title: string;
  /** From 1. */
  page: number;
  onPages: (pages: number) => void;
}

/** A page of a PDF, drawn to the size of its place. */
export default function PdfPage({ url, title, page, onPages }: Props) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [paper, setPaper] = useState<PDFDocumentProxy | null>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  const [drawn, setDrawn] = useState(0);
  const [broken, setBroken] = useState(false);
  const tell = useRef(onPages);
  useEffect(() => {
    tell.current = onPages;
  });

  useEffect(() => {
    const loading = getDocument({ url, cMapUrl: resource("cmaps"), cMapPacked: true, standardFontDataUrl: resource("standard_fonts"), isEvalSupported: false, enableXfa: false });
    loading.promise.then(
      (found) => {
        setPaper(found);
        setBroken(false);
        tell.current(found.numPages);
      },
      () => setBroken(true),
    );
    return () => {
      setPaper(null);
      void loading.destroy();
    };
  }, [url]);

  useEffect(() => {
    if (!place.current) return undefined;
    const watch = new ResizeObserver(([entry]) => entry && setBox({ width: entry.contentRect.width, height: entry.contentRect.height }));
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const on = canvas.current;
    if (!paper || !on || box.width < 10 || box.height < 10) return undefined;
    const at = Math.min(Math.max(1, page), paper.numPages);
    let stop: () => void = () => undefined;
    let left = false;
    paper
      .getPage(at)
      .then(async (found) => {
        if (left) return;
        const whole = found.getViewport({ scale: 1 });
        const scale = Math.min(box.width / whole.width, box.height / whole.height);
        const dots = Math.min(window.devicePixelRatio || 1, 3);
        const viewport = found.getViewport({ scale: scale * dots });
        // Drawn aside, so that the page before stays until this one is whole.
        const aside = document.createElement("canvas");
        [aside.width, aside.height] = [Math.floor(viewport.width), Math.floor(viewport.height)];
        const context = aside.getContext("2d");
        if (!context) return;
        const task = found.render({ canvasContext: context, viewport });
        stop = () => task.cancel();
        await task.promise;
        if (left) return;
        [on.width, on.height] = [aside.width, aside.height];
        on.style.inlineSize = `${aside.width / dots}px`;
        on.style.blockSize = `${aside.height / dots}px`;
        on.getContext("2d")?.drawImage(aside, 0, 0);
        setDrawn(at);
      })
      .catch((thrown: unknown) => {
        if (!left && !(thrown instanceof RenderingCancelledException)) setBroken(true);
      });
    return () => {
      left = true;
      stop();
    };
  }, [paper, page, box]);

  return (
    <div ref={place} className={styles.pdf}>
      <canvas ref={canvas} role="img" aria-label={t("papers.page_of", { title, page: drawn })} data-page={drawn} hidden={broken} />
      {broken && (
        <p role="alert" className={styles.quiet}>
          {t("papers.broken")}
        </p>
      )}
    </div>
  );
}
