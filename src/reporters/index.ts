import { atlantis } from "./atlantis.ts";
import { azuredevops } from "./azuredevops.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import type { Reporter } from "./reporter.ts";
import { sarif } from "./sarif.ts";
import { stdout } from "./stdout.ts";
import { table } from "./table.ts";
import { tap } from "./tap.ts";
import { text } from "./text.ts";

export type { Reporter, ReportOptions } from "./reporter.ts";

/** The forms of the result by the names they have on the command line; the first one is the default. */
export const reporters: Map<string, Reporter> = new Map<string, Reporter>([
  ["text", text],
  ["stdout", stdout],
  ["json", json],
  ["tap", tap],
  ["table", table],
  ["junit", junit],
  ["github", github],
  ["azuredevops", azuredevops],
  ["sarif", sarif],
  ["gitlab", gitlab],
  ["markdown", markdown],
  ["html", html],
  ["atlantis", atlantis],
]);
