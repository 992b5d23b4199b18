import { renderAtlantis } from "./atlantis.ts";
import { renderAzureDevOps } from "./azuredevops.ts";
import { renderGithub } from "./github.ts";
import { renderGitlab } from "./gitlab.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { renderSarif } from "./sarif.ts";
import { renderStdout } from "./stdout.ts";
import { renderTable } from "./table.ts";
import { renderTap } from "./tap.ts";
import { renderText } from "./text.ts";

export type { Reporter, ReportOptions } from "./reporter.ts";

/** The output formats, by their name on the command line. The first one is the default. */
export const reporters: Map<string, Reporter> = new Map<string, Reporter>([
  ["text", renderText],
  ["stdout", renderStdout],
  ["json", renderJson],
  ["tap", renderTap],
  ["table", renderTable],
  ["junit", renderJunit],
  ["github", renderGithub],
  ["azuredevops", renderAzureDevOps],
  ["sarif", renderSarif],
  ["gitlab", renderGitlab],
  ["markdown", renderMarkdown],
  ["html", renderHtml],
  ["atlantis", renderAtlantis],
]);
