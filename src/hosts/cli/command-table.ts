import { type Flag, type FlagGroup, type FlagName, flags } from "../../session/flags/flags.ts";
import type { CommandName } from "../../session/flags/values.ts";

/** Describes a command for help, completion and argument checks. */
export interface CommandInfo {
  /** Arguments in usage lines. */
  synopsis: string;
  summary: string;
  flags: readonly FlagName[];
  /** Help of flags that have another meaning for this command. */
  flagHelp?: { [N in FlagName]?: string };
  examples: readonly [string, string];
  exitCodes?: readonly [code: string, meaning: string][];
  /** Error message if there are no arguments. Absent if arguments are optional. */
  missingArgument?: string;
  /** The suggestions of shell completion for arguments. */
  completes: "files" | "rules" | "shells" | "nothing";
}

/** Returns the flags of groups, group by group. */
const flagsOf = (...groups: FlagGroup[]): FlagName[] =>
  groups.flatMap((group) =>
    (Object.entries(flags) as [FlagName, Flag][])
      .filter(([, flag]) => flag.group === group)
      .map(([name]) => name),
  );

const needsPath = (command: string) =>
  `${command} needs a path. Name files or directories, or - for standard input.`;

const couldNotRead: readonly [string, string][] = [
  ["0", "Everything could be read"],
  ["3", "An input could not be read, or a flag or the config is invalid"],
];

const textOrJson = { output: "Set the output format, text or json, and file (default: text)" };

/** By name, in the order of the help. */
export const commandTable: { [N in CommandName]: CommandInfo } = {
  test: {
    synopsis: "PATH…",
    summary: "Check files, directories or standard input (-)",
    flags: flagsOf("output", "exit", "input", "config", "conftest"),
    examples: [
      "keywarden test key-policy.json templates/ infra/",
      "terraform show -json plan.out | keywarden test - -o text -o junit=report.xml",
    ],
    exitCodes: [
      ["0", "No finding of level error"],
      ["1", "At least one error; with --fail-on-warn: warnings only"],
      ["2", "With --fail-on-warn: at least one error"],
      ["3", "Incomplete: an input could not be read, or a flag or the config is invalid"],
      ["", "With --fail-on-unknown: a verdict is unknown, or a part was not checked"],
    ],
    missingArgument: needsPath("test"),
    completes: "files",
  },
  explain: {
    synopsis: "RULE|CONTROL",
    summary: "Explain a rule: reason, fix, settings",
    flags: ["output", "no-color"],
    flagHelp: textOrJson,
    examples: ["keywarden explain public_access", "keywarden explain KMS.4"],
    missingArgument: 'explain needs a rule or control. Run "keywarden rules" to list all rules.',
    completes: "rules",
  },
  rules: {
    synopsis: "[FILTER…]",
    summary: "List all rules, or those that match FILTER",
    flags: ["output", "no-color"],
    flagHelp: textOrJson,
    examples: ["keywarden rules rotation", "keywarden rules -o json"],
    completes: "rules",
  },
  baseline: {
    synopsis: "PATH…",
    summary: "Record the current findings for test --baseline",
    flags: flagsOf("input", "config"),
    flagHelp: {
      baseline: "Write the baseline to PATH, keeping the entries that still apply (default: standard output)",
    },
    examples: [
      "keywarden baseline infra/ --baseline kms-baseline.json",
      "keywarden test infra/ --baseline kms-baseline.json",
    ],
    exitCodes: couldNotRead,
    missingArgument: needsPath("baseline"),
    completes: "files",
  },
  normalize: {
    synopsis: "PATH…",
    summary: "Print the document that the rules evaluate, as JSON",
    flags: ["output", ...flagsOf("input"), "config-file", "no-config", "account", "region"],
    flagHelp: { output: "Set the output file with json=PATH (default: json)" },
    examples: [
      "keywarden normalize template.yaml",
      "keywarden normalize infra/ | conftest test --policy policy -",
    ],
    exitCodes: couldNotRead,
    missingArgument: needsPath("normalize"),
    completes: "files",
  },
  "config print": {
    synopsis: "FILE",
    summary: "Print the config that applies to a file, with origins",
    flags: ["config-file", "no-config"],
    examples: ["keywarden config print template.yaml", "keywarden config print -c ci/kms.yaml template.yaml"],
    missingArgument: "config print needs a file. Example: keywarden config print template.yaml",
    completes: "files",
  },
  serve: {
    synopsis: "",
    summary: "Answer over HTTP: OPA API, Kubernetes, HCP Terraform",
    flags: [...flagsOf("server"), ...flagsOf("exit"), "var", "var-file", ...flagsOf("config")],
    flagHelp: {
      "fail-on-warn": "Deny requests with warnings, too (default: false)",
      "fail-on-unknown":
        "Leave requests undecided on unknown verdicts of errors, or of the rules in a list, and on parts that were not checked (default: false)",
      "no-fail": "Report findings without denying requests (default: false)",
    },
    examples: [
      "keywarden serve --listen unix:/run/keywarden.sock",
      "keywarden serve --tls-cert cert.pem --tls-key key.pem --token-file tokens",
    ],
    completes: "nothing",
  },
  completion: {
    synopsis: "SHELL",
    summary: "Print a completion script for bash, zsh or fish",
    flags: [],
    examples: [
      "source <(keywarden completion bash)",
      "keywarden completion fish > ~/.config/fish/completions/keywarden.fish",
    ],
    missingArgument: "completion needs a shell: bash, zsh or fish.",
    completes: "shells",
  },
};

export const commandNames = Object.keys(commandTable) as CommandName[];

export const isCommand = (name: string | undefined): name is CommandName =>
  name !== undefined && Object.hasOwn(commandTable, name);
