import { useState } from "react";

import { type Of, type Paper, usePapers } from "../../meetings/papers/api";
import { useConducting } from "../Conducting";
import type { Shown, VenueId } from "../model";

/** What one reads instead of what is shown: a page of one's own, or nothing. */
interface Look {
  paper: string | null;
  page: number;
  /** What was shown when one began: something new is shown to who had put the old away. */
  instead: string | null;
}

export interface Reading {
  paper: Paper | null;
  page: number;
  /** One sees the presenter's page. */
  follows: boolean;
  /** One turns the pages of all. */
  presents: boolean;
  /** Somebody shows a paper. */
  isShown: boolean;
  open: (paper: Paper) => void;
  turn: (page: number) => void;
  follow: () => void;
  close: () => void;
  /** To all: this page. */
  show: (paper: Paper, page: number) => void;
  hide: () => void;
}

/** The paper beside the speaker: the presenter's page, unless one looks by oneself. */
export function useReading(of: Of, shown: Shown | null, me: VenueId): Reading {
  const { run } = useConducting();
  const papers = usePapers(of);
  const [look, setLook] = useState<Look | null>(null);
  const now = shown?.paper ?? null;
  const known = (id: string | null) => papers.data?.find((paper) => paper.id === id) ?? null;
  // What is shown may have been handed out a moment ago: the list is asked again.
  if (now && papers.data && known(now.paper) === null && !papers.isFetching) void papers.refetch();
  const own = look !== null && (look.paper !== null || look.instead === now?.paper) ? look : null;
  const presents = now !== null && now.by === me && own === null;
  const show = (paper: Paper, page: number) => {
    void run({ act: "show_paper", paper: paper.id, page }).then((done) => {
      if (!done) return undefined;
      setLook(null);
      // Handed out by that.
      return papers.refetch();
    });
  };
  return {
    paper: own ? known(own.paper) : known(now?.paper ?? null),
    page: own ? own.page : (now?.page ?? 1),
    follows: now !== null && own === null,
    presents,
    isShown: now !== null,
    open: (paper) => setLook({ paper: paper.id, page: paper.id === now?.paper ? now.page : 1, instead: now?.paper ?? null }),
    turn: (page) => {
      const paper = own?.paper ?? now?.paper ?? null;
      if (paper === null) return;
      if (presents) void run({ act: "show_paper", paper, page });
      else setLook({ paper, page, instead: now?.paper ?? null });
    },
    follow: () => setLook(null),
    close: () => setLook(now && (own === null || own.paper === now.paper) ? { paper: null, page: 1, instead: now.paper } : null),
    show,
    hide: () => void run({ act: "hide_paper" }),
  };
}
