import "./ui/mantine_core.css";
import "./ui/theme.css";
import "./ui/tokens.css";
import "./ui/base.css";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { ApiProblem } from "./api/problem";
import { App } from "./App";
import { startLanguage } from "./i18n";

/** What the server refused it will refuse again; a line that dropped is worth another try. */
function worthRetrying(failures: number, error: unknown): boolean {
  const refused = error instanceof ApiProblem && error.status >= 400 && error.status < 500;
  return !refused && failures < 3;
}

const client = new QueryClient({ defaultOptions: { queries: { retry: worthRetrying, staleTime: 2_000, networkMode: "always" }, mutations: { networkMode: "always" } } });

await startLanguage();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
