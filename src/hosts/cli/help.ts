import { reporters } from "../../reporters/index.ts";
import { wrap } from "../../reporters/style.ts";
import { type Flag, flags, type Group, groups } from "../../session/flags/flags.ts";
import type { VerbName } from "../../session/flags/values.ts";

const head = `Checks AWS KMS keys: key policies, CloudFormation templates, Terraform's source and plans.

  keywarden test PATH…          check files, folders, or standard input (-)
  keywarden normalize PATH…     print what the rules see, as JSON
  keywarden baseline PATH…      print what is found, for test --baseline
  keywarden rules               list the rules (-o json: all about them)
  keywarden explain RULE        all about a rule: why, what to write instead, its settings
  keywarden serve               answer OPA's API, Kubernetes, HCP Terraform and POST /check
  keywarden config print FILE   what applies to a file, and where that is said
`;

const foot = `
  -h, --help
      --version

Every option can be set in the environment, --fail-on-warn as KEYWARDEN_FAIL_ON_WARN=true.
An option on the command line counts before the environment, and that before a file.

Exit codes
  0  nothing of level error
  1  a failure of level error; with --fail-on-warn, warnings alone
  2  with --fail-on-warn, a failure of level error
  3  an input could not be read, or the command or a setting is wrong: the answer is not complete
`;

/** The sections of options that a verb takes. */
const taken: { [N in VerbName]: Group[] } = {
  test: ["result", "exit", "input", "settings", "conftest", "refused"],
  normalize: ["input", "settings"],
  baseline: ["input", "settings"],
  rules: [],
  explain: [],
  serve: ["server", "exit", "settings"],
  "config print": ["settings"],
};

export function help(verb?: VerbName): string {
  const sections = Object.entries(groups)
    .filter(
      ([group]) => group !== "other" && (verb === undefined || taken[verb].some((own) => own === group)),
    )
    .map(([group, title]) => `\n${title}\n${optionsOf(group)}${group === "result" ? formsOf() : ""}`);
  return `${head}${sections.join("")}${foot}`;
}

const formsOf = (): string =>
  `\n  FORM is one of ${wrap([...reporters.keys()].join(", "), 90, "  ").trim()}\n`;

const optionsOf = (group: string): string =>
  Object.entries(flags as { [name: string]: Flag })
    .filter(([, flag]) => flag.group === group)
    .map(([name, { short, value, help }]) => {
      const call = `--${name}${value === undefined ? "" : ` ${value}`}`;
      return `  ${short === undefined ? "   " : `-${short},`} ${call.padEnd(24)}${call.length < 24 ? "" : "  "}${help}\n`;
    })
    .join("");
