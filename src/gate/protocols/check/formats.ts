import type { OutputText } from "../../../core/model/output.ts";
import type { Report } from "../../../core/model/report.ts";
import { encodeJson, encodeText, joinOutputs } from "../../../reporters/encode.ts";
import { reporters } from "../../../reporters/index.ts";
import { renderProblems } from "../../../reporters/text.ts";
import type { DecisionOutcome } from "../../decision.ts";
import { negotiateMediaType } from "../../media.ts";

/** The JSON of a response in the format `report`. */
export interface CheckReport
  extends Pick<Report, "findings" | "exceptions" | "problems" | "unseen" | "notices" | "files"> {
  allowed: boolean;
  outcome: DecisionOutcome;
  revision: string;
}

export interface CheckFormat {
  type: string;
  headers?: { [name: string]: string };
  /** False for formats whose problems the CLI writes to standard error. */
  includesProblems: boolean;
  write(checkReport: CheckReport, report: Report, version: string): OutputText;
}

/** The protocol's own format, which the CLI does not have. */
const DEFAULT_FORMAT = "report";

const MEDIA_TYPES: { [reporter: string]: string } = {
  json: "application/json",
  gitlab: "application/json",
  sarif: "application/sarif+json",
  junit: "application/xml",
  markdown: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
};

const FORMATS_WITH_PROBLEMS = new Set(["text", "stdout", "markdown", "html", "sarif", "atlantis"]);

/** Browsers must not run anything in a report, because it quotes the input. */
const HTML_HEADERS = { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox" };

/** Output formats by the value of `?format=`: the protocol's own, and those of `--output`. */
export const checkFormats: Map<string, CheckFormat> = new Map<string, CheckFormat>([
  [
    DEFAULT_FORMAT,
    {
      type: "application/json",
      includesProblems: true,
      write: (checkReport) => encodeJson(checkReport),
    },
  ],
  ...[...reporters].map(([name, reporter]): [string, CheckFormat] => [
    name,
    {
      type: MEDIA_TYPES[name] ?? "text/plain; charset=utf-8",
      includesProblems: FORMATS_WITH_PROBLEMS.has(name),
      ...(name === "html" ? { headers: HTML_HEADERS } : {}),
      write: ({ allowed }, report, version) =>
        joinOutputs("", [
          problemsBefore(name, report),
          reporter(report, { color: false, namespace: "main", version, passed: allowed }),
        ]),
    },
  ]),
]);

/** Returns the problems that a terminal shows before a text report. */
const problemsBefore = (name: string, report: Report): OutputText =>
  name === "text" || name === "stdout"
    ? renderProblems(report, { color: false, width: 100 })
    : encodeText("");

/** Formats by media type in `Accept`. */
const formatByMediaType = new Map([
  ["application/json", DEFAULT_FORMAT],
  ["application/sarif+json", "sarif"],
  ["text/markdown", "markdown"],
  ["text/plain", "text"],
  ["text/html", "html"],
]);

/** Returns the format with a name, or else the one that `Accept` prefers. Undefined if the name is not a format. */
export const selectFormat = (name: string | null, accept: string | undefined): CheckFormat | undefined =>
  checkFormats.get(
    name ?? (formatByMediaType.get(negotiateMediaType(accept, [...formatByMediaType.keys()])) as string),
  );
