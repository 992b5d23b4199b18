import type { Report } from "../../../core/model/report.ts";
import { reporters } from "../../../reporters/index.ts";
import { problemsText } from "../../../reporters/text.ts";
import type { Outcome } from "../../decide.ts";
import { preferred } from "../../media.ts";

/** The report as this protocol's JSON has it. */
export interface Verdict extends Pick<Report, "findings" | "exceptions" | "problems" | "notices" | "files"> {
  allowed: boolean;
  outcome: Outcome;
  revision: string;
}

export interface Form {
  type: string;
  headers?: { [name: string]: string };
  /** Whether it tells what could not be read: on the command line standard error does that for all forms. */
  tellsProblems: boolean;
  write(verdict: Verdict, report: Report, version: string): string;
}

/** This protocol's own form, which the command line does not have. */
const OWN = "report";

const types: { [reporter: string]: string } = {
  json: "application/json",
  gitlab: "application/json",
  sarif: "application/sarif+json",
  junit: "application/xml",
  markdown: "text/markdown; charset=utf-8",
  html: "text/html; charset=utf-8",
};

const telling = new Set(["text", "stdout", "markdown", "html", "sarif", "atlantis"]);

/** A page from a server runs nothing, whatever stands in it. */
const page = { "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox" };

/** By `?format=`: the protocol's own, and those of `--output`. */
export const forms: Map<string, Form> = new Map<string, Form>([
  [
    OWN,
    { type: "application/json", tellsProblems: true, write: (verdict) => `${JSON.stringify(verdict)}\n` },
  ],
  ...[...reporters].map(([name, reporter]): [string, Form] => [
    name,
    {
      type: types[name] ?? "text/plain; charset=utf-8",
      tellsProblems: telling.has(name),
      ...(name === "html" ? { headers: page } : {}),
      write: ({ allowed }, report, version) =>
        unread(name, report) +
        reporter(report, { color: false, namespace: "main", version, passed: allowed }),
    },
  ]),
]);

/** Before the text, as people see it on a terminal. */
const unread = (name: string, report: Report): string =>
  name === "text" || name === "stdout" ? problemsText(report, { color: false, width: 100 }) : "";

/** Which form a media type stands for in `Accept`. */
const byType = new Map([
  ["application/json", OWN],
  ["application/sarif+json", "sarif"],
  ["text/markdown", "markdown"],
  ["text/plain", "text"],
  ["text/html", "html"],
]);

/** The form that is asked for by its name, else by `Accept`; undefined where there is none of that name. */
export const formOf = (name: string | null, accept: string | undefined): Form | undefined =>
  forms.get(name ?? (byType.get(preferred(accept, [...byType.keys()])) as string));
