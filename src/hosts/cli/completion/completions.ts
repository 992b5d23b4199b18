import type { RuleInfo } from "../../../core/model/report.ts";
import { type Flag, type FlagName, flags, helpWithDefault } from "../../../session/flags/flags.ts";
import type { CommandInfo } from "../command-table.ts";

/** Describes a flag for completion scripts. */
export interface CompletedFlag {
  name: string;
  short: string | undefined;
  help: string;
  /** `none`: a boolean. `text`: a value that cannot be suggested. Otherwise files, or the allowed values. */
  value: "none" | "text" | "files" | readonly string[];
}

export interface CompletedCommand {
  /** One or two words. */
  name: string;
  summary: string;
  flags: CompletedFlag[];
  /** The valid arguments: files, or one of these words. */
  arguments: "files" | readonly string[];
}

export interface Completions {
  commands: CompletedCommand[];
}

interface CompletionSources {
  formats: readonly string[];
  shells: readonly string[];
  rules: RuleInfo[];
}

/** Returns the suggestions of completion scripts, from the tables of commands and flags. */
export function completionsFor(
  table: { [name: string]: CommandInfo },
  sources: CompletionSources,
): Completions {
  const ids = sources.rules.map(({ id }) => id).sort();
  const argumentsOf = { files: "files", rules: ids, shells: sources.shells, nothing: [] } as const;
  return {
    commands: Object.entries(table).map(([name, command]) => ({
      name,
      summary: command.summary,
      flags: [...command.flags, "help" as const].map((flag) =>
        completedFlag(flag, command, name === "test" ? sources.formats : ["text", "json"]),
      ),
      arguments: argumentsOf[command.completes],
    })),
  };
}

function completedFlag(name: FlagName, command: CommandInfo, formats: readonly string[]): CompletedFlag {
  const flag: Flag = flags[name];
  const help = command.flagHelp?.[name] ?? (name === "help" ? flag.help : helpWithDefault(flag));
  return { name, short: flag.short, help, value: name === "output" ? formats : valueOf(flag) };
}

function valueOf({ type, value = "", choices }: Flag): CompletedFlag["value"] {
  if (type === "boolean") return "none";
  return choices ?? (value.startsWith("PATH") ? "files" : "text");
}
