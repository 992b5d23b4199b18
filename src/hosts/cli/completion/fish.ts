import type { CompletedCommand, CompletedFlag, Completions } from "./completions.ts";

/** Returns a completion script for fish. */
export function fishCompletion({ commands }: Completions): string {
  const simple = commands.filter(({ name }) => !name.includes(" "));
  const lines = [
    "# fish completion for keywarden: keywarden completion fish | source",
    "complete -c keywarden -f",
    ...simple.map(({ name, summary }) => firstWord(name, summary)),
    firstWord("config", "Print the config that applies to a file"),
    firstWord("help", "Print the help of a command"),
    "complete -c keywarden -n __fish_use_subcommand -s h -l help -d 'Print help'",
    "complete -c keywarden -n __fish_use_subcommand -l version -d 'Print the version'",
    `complete -c keywarden -n '__fish_seen_subcommand_from help' -a ${quoted(simple.map(({ name }) => name).join(" "))}`,
    "complete -c keywarden -n '__fish_seen_subcommand_from config; and not __fish_seen_subcommand_from print' -a print",
    ...commands.flatMap(commandLines),
  ];
  return `${lines.join("\n")}\n`;
}

const firstWord = (name: string, summary: string): string =>
  `complete -c keywarden -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`;

function commandLines({ name, flags, arguments: argumentValues }: CompletedCommand): string[] {
  const condition = name
    .split(" ")
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join("; and ");
  const start = `complete -c keywarden -n ${quoted(condition)}`;
  return [
    ...(argumentValues === "files" ? [`${start} -F`] : []),
    ...(argumentValues === "files" || argumentValues.length === 0
      ? []
      : [`${start} -a ${quoted(argumentValues.join(" "))}`]),
    ...flags.map((flag) => `${start} ${flagOptions(flag)}`),
  ];
}

function flagOptions({ name, short, help, value }: CompletedFlag): string {
  const names = `${short === undefined ? "" : `-s ${short} `}-l ${name} -d ${quoted(help)}`;
  if (value === "none") return names;
  if (value === "files") return `${names} -r -F`;
  return `${names} -x${value === "text" ? "" : ` -a ${quoted((value as readonly string[]).join(" "))}`}`;
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
