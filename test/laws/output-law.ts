/** The output law: no output obeys its input, whatever the input contains. */
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { check, normalize, type Report, render } from "../../src/hosts/library/index.ts";
import type { ReportFormat } from "../../src/hosts/library/render.ts";
import { encodeJson } from "../../src/reporters/encode.ts";
import { reporters } from "../../src/reporters/index.ts";
import { print, sourcesOf } from "./hole-law.ts";
import type { Files } from "./holes/policy.ts";
import type { Law } from "./law.ts";
import { minimizeFiles } from "./minimize.ts";
import { drawHostile } from "./output/draw.ts";
import { leaks } from "./output/leaks.ts";
import { hostileWord } from "./output/words.ts";
import { Random } from "./random.ts";

const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(readFileSync(new URL("../reporters/sarif-2.1.0.json", import.meta.url), "utf8"));
const isSarif = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(schema);

export const outputs: Law = {
  name: "outputs",
  *run(count, seed) {
    for (let i = 0; i < count; i++) {
      const random = new Random(seed + i);
      const files = drawHostile(random);
      const reason = hostileWord(random);
      const [first] = leaksOf(files, reason);
      if (first === undefined) {
        yield { checked: 1, broken: [] };
        continue;
      }
      const holds = (candidate: Files) => leaksOf(candidate, reason).some(({ what }) => what === first.what);
      const smallest = minimizeFiles(files, holds, 100);
      const input = `${print(smallest)}\nreason: ${reason}`;
      yield { checked: 1, broken: [{ ...first, input: JSON.stringify(input), seed: seed + i, count: 1 }] };
    }
  },
};

interface Leak {
  /** The output format, and the kind of the leak. */
  what: string;
  detail: string;
}

function leaksOf(files: Files, reason: string): Leak[] {
  const sources = sourcesOf(files, true);
  const report = check(sources, { suppressions: suppressionsFor(reason) });
  const { document } = normalize(sources);
  const all: [string, string][] = [
    ...[...reporters.keys()].map((format): [string, string] => [
      format,
      render(report, format as ReportFormat),
    ]),
    ["text", render(report, "text", { color: true, width: 40 }).replace(/\u001B\[\d+m/g, "")],
    ["json", encodeJson(document, 2)],
  ];
  return [
    ...all.flatMap(([format, text]) =>
      leaks(format, text).map((detail) => ({ what: `${format}: ${detail.split(/[:"]/)[0]}`, detail })),
    ),
    ...changes(report),
  ];
}

const suppressionsFor = (reason: string) => [
  { path: "ignore.json", text: JSON.stringify([{ rule: "unknown_action", reason: `x${reason}` }]) },
];

/** Formats for programs keep every string, and follow their schema. */
function changes(report: Report): Leak[] {
  const results = JSON.parse(render(report, "json")) as { [list: string]: { msg: string }[] }[];
  const messages = results.flatMap(({ failures = [], warnings = [] }) => [...failures, ...warnings]);
  const kept = new Set(messages.map(({ msg }) => msg));
  const lost = report.findings.filter(({ verdict, message }) => verdict === "fail" && !kept.has(message));
  return [
    ...lost.map(({ message }) => ({ what: "json: changed message", detail: message })),
    ...(isSarif(JSON.parse(render(report, "sarif")))
      ? []
      : [{ what: "sarif: invalid", detail: JSON.stringify(isSarif.errors) }]),
  ];
}
