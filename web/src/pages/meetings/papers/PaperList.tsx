import { Button, Menu, TextInput } from "@mantine/core";
import { IconDots, IconFile, IconFileTypePdf, IconPhoto } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { asProblem, half } from "../../../api/problem";
import { Dialog } from "../../../ui/Dialog";
import { LinesSkeleton } from "../../../ui/Loaded";
import { ProblemBox } from "../../../ui/ProblemBox";
import { State } from "../../../ui/State";
import { ToolButton } from "../../../ui/ToolButton";
import { size } from "../../../ui/words";
import { ACCEPTED, fileUrl, type Of, type Paper, usePaperActs, usePapers } from "./api";
import { ReceiptsDialog } from "./ReceiptsDialog";
import styles from "./Papers.module.css";
import { UnderWay } from "./UnderWay";
import { useBringing } from "./useBringing";

interface Props {
  of: Of;
  /** Titles of the agenda's points. */
  points: readonly string[];
  /** Hands out, orders, sees receipts. */
  steers: boolean;
  /** Brings papers of one's own. */
  brings: boolean;
  /** The one that all see. */
  shown?: string | null;
  onOpen: (paper: Paper) => void;
  /** Shows it to all. */
  onShow?: (paper: Paper) => void;
}

const ICONS = { pdf: IconFileTypePdf, picture: IconPhoto, office: IconFile };

/** The papers of a meeting: to open, and for who may, to bring, name, order, hand out. */
export function PaperList({ of, points, steers, brings, shown = null, onOpen, onShow }: Props) {
  const { t, i18n } = useTranslation();
  const papers = usePapers(of);
  const act = usePaperActs(of);
  const { under, start } = useBringing(of);
  const input = useRef<HTMLInputElement>(null);
  const [failed, setFailed] = useState("");
  const [naming, setNaming] = useState<Paper | null>(null);
  const [asked, setAsked] = useState<Paper | null>(null);
  const run = (method: string, rest: string, body?: unknown) =>
    act(method, rest, body).then(
      () => setFailed(""),
      (thrown: unknown) => setFailed(half(asProblem(thrown).detail, i18n.language) || t("hall.not_sent")),
    );
  if (papers.data === undefined) return papers.isError ? <ProblemBox error={papers.error} /> : <LinesSkeleton lines={2} />;
  const all = papers.data;
  const move = (at: number, by: number) => {
    const ids = all.map(({ id }) => id);
    const [id] = ids.splice(at, 1);
    if (id !== undefined) ids.splice(at + by, 0, id);
    void run("PUT", "/order", { papers: ids });
  };
  const kept = all.filter(({ distributed }) => distributed === null);
  return (
    <div className={styles.papers} data-papers={all.length}>
      {all.length === 0 && under.length === 0 && <p className={styles.quiet}>{t(steers || brings ? "papers.none_yet" : "papers.none")}</p>}
      <ul className={styles.list}>
        {all.map((paper, at) => {
          const Icon = ICONS[paper.kind];
          const about = [paper.point !== null && points[paper.point] !== undefined ? `${paper.point + 1}. ${points[paper.point] ?? ""}` : "", size(paper.bytes), paper.uploaded_by_name].filter((word) => word !== "");
          return (
            <li key={paper.id} data-paper={paper.title} data-distributed={paper.distributed !== null} data-shown={paper.id === shown || undefined}>
              <button type="button" className={styles.open} onClick={() => onOpen(paper)}>
                <Icon size={24} aria-hidden />
                <span>
                  <strong>{paper.title}</strong>
                  <span className={styles.quiet}>{about.join(" · ")}</span>
                </span>
              </button>
              <span className={styles.states} data-states>
                {paper.id === shown && <State tone="live">{t("papers.shown")}</State>}
                {paper.distributed === null && <State tone="off">{t("papers.not_distributed")}</State>}
                {steers && paper.distributed !== null && (
                  <Button variant="default" onClick={() => setAsked(paper)} data-receipts={paper.opened ?? 0}>
                    {t("papers.opened", { count: paper.opened ?? 0 })}
                  </Button>
                )}
                {onShow && paper.kind !== "office" && paper.id !== shown && (
                  <Button variant="default" onClick={() => onShow(paper)} data-show>
                    {t("papers.show")}
                  </Button>
                )}
                {steers && paper.distributed === null && (
                  <Button variant="default" onClick={() => void run("POST", "/distribute", { papers: [paper.id] })} data-distribute>
                    {t("papers.distribute")}
                  </Button>
                )}
              </span>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ToolButton label={t("papers.acts_of", { name: paper.title })}>
                    <IconDots />
                  </ToolButton>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item component="a" href={fileUrl(of, paper.id, true)} download>
                    {t("papers.save")}
                  </Menu.Item>
                  {paper.may_change && <Menu.Item onClick={() => setNaming(paper)}>{t("papers.rename")}</Menu.Item>}
                  {steers && at > 0 && <Menu.Item onClick={() => move(at, -1)}>{t("papers.up")}</Menu.Item>}
                  {steers && at < all.length - 1 && <Menu.Item onClick={() => move(at, 1)}>{t("papers.down")}</Menu.Item>}
                  {paper.may_change && (
                    <Menu.Item color="var(--bad)" onClick={() => void run("DELETE", `/${paper.id}`)}>
                      {t("papers.remove")}
                    </Menu.Item>
                  )}
                </Menu.Dropdown>
              </Menu>
            </li>
          );
        })}
      </ul>
      <UnderWay under={under} />
      {failed !== "" && (
        <p className={styles.failed} role="alert">
          {failed}
        </p>
      )}
      {(steers || brings) && (
        <div className={styles.acts}>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            accept={ACCEPTED}
            data-bring
            onChange={({ target }) => {
              void start([...(target.files ?? [])].map((file) => ({ file, point: null })));
              target.value = "";
            }}
          />
          <Button variant="default" onClick={() => input.current?.click()}>
            {t("papers.bring")}
          </Button>
          {steers && kept.length > 1 && (
            <Button variant="default" onClick={() => void run("POST", "/distribute", {})} data-distribute-all>
              {t("papers.distribute_all", { count: kept.length })}
            </Button>
          )}
        </div>
      )}
      {naming && <Rename paper={naming} onClose={() => setNaming(null)} onName={(title) => void run("PATCH", `/${naming.id}`, { title }).then(() => setNaming(null))} />}
      {asked && <ReceiptsDialog of={of} paper={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

function Rename({ paper, onName, onClose }: { paper: Paper; onName: (title: string) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(paper.title);
  return (
    <Dialog title={t("papers.rename")} opened onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() !== "") onName(title.trim());
        }}
      >
        <TextInput label={t("papers.name")} value={title} maxLength={200} onChange={({ target }) => setTitle(target.value)} data-autofocus />
        <div className="dialog-acts">
          <Button variant="default" onClick={onClose}>
            {t("act.cancel")}
          </Button>
          <Button type="submit" color="accent" disabled={title.trim() === ""}>
            {t("act.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
