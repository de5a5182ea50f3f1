import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { call, withQuery } from "../../../api/client";
import type { Page, Whole } from "../../../api/model";
import { type ApiProblem, problemOf } from "../../../api/problem";
import type { components } from "../../../api/schema";
import type { Scope } from "../booking/draft";

type Schemas = components["schemas"];
export type Paper = Whole<Schemas["MeetingPaper"]>;
export type Receipts = Whole<Schemas["Receipts"]>;

/** What the chooser of files offers; the server looks at the content. */
export const ACCEPTED = ".pdf,.ofd,.png,.jpg,.jpeg,.gif,.webp,.bmp,.tif,.tiff,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.wps,.et,.dps,.odt,.ods,.odp,.rtf";

/** What was handed out meanwhile is seen after so long at most. */
const AGAIN_MS = 10_000;

/** A meeting's papers, by one's own right, or by that of the seat one has in the room. */
export interface Of {
  meeting: string;
  /** The room's token; null: by one's own right. */
  token: string | null;
}

const pathOf = (meeting: string) => `/meetings/${encodeURIComponent(meeting)}/papers`;
const headersOf = (token: string | null): Record<string, string> => (token === null ? {} : { "x-room-token": token });

/** The file's address; a picture cannot send a header. */
export function fileUrl({ meeting, token }: Of, paper: string, save = false): string {
  return `/api/v1${withQuery(`${pathOf(meeting)}/${encodeURIComponent(paper)}/file`, { token, save: save || null })}`;
}

export function usePapers({ meeting, token }: Of) {
  const path = pathOf(meeting);
  return useQuery<Paper[], ApiProblem>({
    queryKey: [path, token],
    queryFn: async ({ signal }) => (await call<Page<Paper>>("GET", path, undefined, signal, headersOf(token))).items,
    refetchInterval: AGAIN_MS,
  });
}

export function useReceipts({ meeting, token }: Of, paper: string) {
  const path = `${pathOf(meeting)}/${encodeURIComponent(paper)}/receipts`;
  return useQuery<Receipts, ApiProblem>({ queryKey: [path, token], queryFn: ({ signal }) => call<Receipts>("GET", path, undefined, signal, headersOf(token)), refetchInterval: AGAIN_MS });
}

/** Changes of papers; the list is asked for anew after each. */
export function usePaperActs({ meeting, token }: Of) {
  const client = useQueryClient();
  return useCallback(
    async (method: string, rest: string, body?: unknown): Promise<void> => {
      try {
        await call(method, `${pathOf(meeting)}${rest}`, body, undefined, headersOf(token));
      } finally {
        await client.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[0]).startsWith(pathOf(meeting)) });
      }
    },
    [client, meeting, token],
  );
}

interface Bringing extends Of {
  file: File;
  point: number | null;
  scope?: Scope;
  /** 0 to 1. */
  onProgress: (part: number) => void;
}

/** Sends a file as it is. By XMLHttpRequest: `fetch` does not tell how far it is. */
export function bring({ meeting, token, file, point, scope, onProgress }: Bringing): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1${withQuery(pathOf(meeting), { name: file.name, point, scope })}`);
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    for (const [name, value] of Object.entries(headersOf(token))) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => (request.status < 300 ? resolve() : reject(problemOf(request.status, request.response, request.getResponseHeader("retry-after"))));
    request.onerror = () => reject(problemOf(0, { code: "unreachable" }, null));
    request.send(file);
  });
}
