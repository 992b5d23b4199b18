/** The output formats: a report in which every text of the input is hostile. */
import type { Report } from "../../../src/core/model/report.ts";
import { sample } from "../../reporters/support.ts";
import { bytesOf, type Target, textOf } from "../harness/target.ts";
import { checkOutputs } from "../oracles/output.ts";

/** Fields whose text comes from the input. The others come from the rules. */
const fromInput: ReadonlySet<string> = new Set([
  ...[
    "message",
    "resource",
    "statement",
    "file",
    "subject",
    "remedy",
    "reason",
    "causes",
    "failsIf",
    "lines",
    "pointer",
  ],
]);

function hostileReport(value: unknown, text: string, field = ""): unknown {
  if (typeof value === "string") return fromInput.has(field) ? text : value;
  if (Array.isArray(value)) return value.map((each) => hostileReport(each, text, field));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, hostileReport(each, text, name)]),
  );
}

const parts = [
  ...[
    "\u001b[31mred\u001b[0m",
    "\u009b31m",
    "\u001b]8;;http://x\u0007link\u001b]8;;\u0007",
    "\u202egpj.exe",
    "\u2066x\u2069",
  ],
  ...[
    "::error::x",
    "\n::error::x",
    "\n  ::set-output name=x::y",
    "\r::error::x",
    "##vso[task.setvariable variable=P]x",
  ],
  ...[
    "\n##[error]x",
    "<fuzz>",
    "<fuzz onload=x()>",
    "[click](javascript:x()) | a | b |",
    "]]>&<!--",
    "```\n",
    "~~~\n",
  ],
  ...[
    "</script>",
    "</pre><fuzz>",
    '"',
    "'",
    "\\",
    "`",
    "|",
    "\u0000",
    "\ud800",
    "\u2028::error::x",
    "\u0085::x",
    "%0A::x",
  ],
  ...[
    "not ok 1",
    "1..0",
    "Bail out!",
    "# TODO",
    "\n---\n",
    "${{ secrets }}",
    "#",
    ">",
    "- ",
    "=====",
    "\t",
    " ".repeat(300),
  ],
  ...[
    "kms:Decrypt",
    "a".repeat(3000),
    "\u{1f600}",
    "e\u0301",
    "\ufeff",
    "\u200b",
    "&#x1b;",
    "\\u001b",
    "@all",
  ],
];

export const reporterTarget: Target = {
  name: "reporters",
  dictionary: parts,
  seeds: () => parts.map(bytesOf),
  generate: (random) =>
    bytesOf(Array.from({ length: 1 + random.integer(5) }, () => random.pick(parts)).join("")),
  check(input) {
    checkOutputs(hostileReport(sample, textOf(input)) as Report);
  },
};
