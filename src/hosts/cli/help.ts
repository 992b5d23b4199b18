import { reporters } from "../../reporters/index.ts";
import { wrap } from "../../reporters/style.ts";
import {
  type Flag,
  type FlagGroup,
  type FlagName,
  flagGroups,
  flags,
  helpWithDefault,
} from "../../session/flags/flags.ts";
import type { CommandName } from "../../session/flags/values.ts";
import { commandTable } from "./command-table.ts";

const WIDTH = 80;

/** Returns the help of a command, or the overview. */
export const help = (command?: CommandName): string =>
  command === undefined ? overview() : commandHelp(command);

const mostUsed: readonly FlagName[] = ["output", "fail-on-warn", "config-file", "baseline", "account"];

function overview(): string {
  const commands = Object.entries(commandTable).map(
    ([name, { synopsis, summary }]) => `  ${`${name} ${synopsis}`.padEnd(20)}  ${summary}`,
  );
  return `Keywarden checks AWS KMS keys in key policies, CloudFormation and Terraform.

Usage: keywarden COMMAND [FLAGS] [ARGUMENTS]

Commands
${commands.join("\n")}

Most used flags of keywarden test
${flagLines(mostUsed)}
Run "keywarden help COMMAND" for all flags with defaults, and examples.
Documentation: https://github.com/keywarden/keywarden
`;
}

function commandHelp(name: CommandName): string {
  const { summary, synopsis, flags: commandFlags, flagHelp, examples, exitCodes = [] } = commandTable[name];
  const groups = [...new Set(commandFlags.map((flag): FlagGroup => flags[flag].group))];
  const sections = groups.map((group): [title: string, text: string] => [
    groups.length === 1 ? "Flags" : flagGroups[group],
    flagLines(
      commandFlags.filter((flag) => flags[flag].group === group),
      flagHelp,
    ) + notes(name, group),
  ]);
  const usage = ["keywarden", name, ...(commandFlags.length > 0 ? ["[FLAGS]"] : []), synopsis]
    .join(" ")
    .trim();
  const blocks = [
    `${summary}.`,
    `Usage: ${usage}`,
    ["Examples", ...examples.map((example) => `  ${example}`)].join("\n"),
    ...sections.map(([title, text]) => `${title}\n${text.trimEnd()}`),
    ...(exitCodes.length === 0
      ? []
      : [["Exit codes", ...exitCodes.map(([code, meaning]) => `  ${code}  ${meaning}`)].join("\n")]),
    ...(commandFlags.length === 0 ? [] : [wrap(environmentNote, WIDTH, "")]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const environmentNote =
  "Every flag can also be set as an environment variable, such as KEYWARDEN_NO_COLOR=true for --no-color. The command line takes precedence over the environment, and the environment over the config file.";

function notes(command: CommandName, group: FlagGroup): string {
  if (command !== "test") return "";
  if (group === "output") {
    const formats = [...reporters.keys()].join(", ");
    return `\n${wrap(`FORMAT is one of ${formats}. Repeat -o for several outputs.`, WIDTH, "  ")}\n`;
  }
  if (group !== "conftest") return "";
  const flagList = (wanted: FlagGroup) =>
    (Object.entries(flags) as [FlagName, Flag][])
      .filter(([, flag]) => flag.group === wanted)
      .map(([name]) => `--${name}`)
      .join(", ");
  return `${wrap(`Accepted, without effect: ${flagList("ineffective")}.`, WIDTH, "  ")}
${wrap(`Rejected with an explanation: ${flagList("unsupported")}.`, WIDTH, "  ")}
`;
}

/** Returns the flags with their help, in two columns. */
function flagLines(names: readonly FlagName[], help: { [N in FlagName]?: string } = {}): string {
  const rows = names.map((name): [string, string] => [
    usageOf(name),
    help[name] ?? helpWithDefault(flags[name]),
  ]);
  const column = Math.max(...rows.map(([usage]) => usage.length)) + 2;
  return rows
    .map(([usage, text]) => {
      // Non-breaking space: keeps a short default on one line.
      const unbroken = text.replace(/\(default: (\S+)\)$/, "(default:\u00A0$1)");
      const lines = wrap(unbroken, WIDTH - column, "")
        .replaceAll("\u00A0", " ")
        .split("\n");
      return lines.map((line, i) => `${(i === 0 ? usage : "").padEnd(column)}${line}\n`).join("");
    })
    .join("");
}

function usageOf(name: FlagName): string {
  const { short, value }: Flag = flags[name];
  return `  ${short === undefined ? "   " : `-${short},`} --${name}${value === undefined || value.startsWith("[") ? (value ?? "") : ` ${value}`}`;
}
