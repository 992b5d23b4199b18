import { oneLine } from "../../core/model/escape.ts";
import { messageOf } from "../../core/model/message.ts";
import { encodeText } from "../../reporters/encode.ts";
import { packageVersion } from "../../session/assets.ts";
import { readEnvironment } from "../../session/flags/environment.ts";
import { didYouMean } from "../../session/flags/suggestion.ts";
import { conftestCommands } from "../../session/flags/unsupported.ts";
import type { CommandName } from "../../session/flags/values.ts";
import { type Io, OutputError } from "../../session/host-io.ts";
import { createInvocation, type Invocation, withoutOutput } from "../../session/invocation.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { commandNames, commandTable, isCommand } from "./command-table.ts";
import { baselineCommand } from "./commands/baseline.ts";
import { completionCommand } from "./commands/completion.ts";
import { configPrintCommand } from "./commands/config.ts";
import { normalizeCommand } from "./commands/normalize.ts";
import { explainCommand, rulesCommand } from "./commands/rules.ts";
import { serveCommand } from "./commands/serve.ts";
import { testCommand } from "./commands/test.ts";
import { incomplete } from "./exit.ts";
import { help } from "./help.ts";
import { reportFailure } from "./output.ts";

/** Each command returns its exit code, or an error message about its arguments. */
const commands: { [N in CommandName]: (invocation: Invocation) => number | string } = {
  test: testCommand,
  explain: explainCommand,
  rules: rulesCommand,
  baseline: baselineCommand,
  normalize: normalizeCommand,
  "config print": configPrintCommand,
  serve: serveCommand,
  completion: completionCommand,
};

/** Runs a command and returns its exit code. Never throws: an exit code of Node.js would look like a result. */
export function main(args: string[], io: Io): number {
  const options = args.slice(0, args.includes("--") ? args.indexOf("--") : undefined);
  const compat = options.includes("--conftest-compat") || isCompatByEnvironment(io);
  try {
    const read = readArguments(args);
    // If a flag is invalid, the arguments still name the command whose help is useful.
    const { command, names } = splitCommand(typeof read === "string" ? args : read.positionals);
    const result = typeof read === "string" ? read : run({ command, names, parsed: read, io });
    if (typeof result === "number") return result;
    const usage = isCommand(command) ? `keywarden ${command} --help` : "keywarden --help";
    io.stderr(encodeText(`keywarden: ${oneLine(result)}\nRun "${oneLine(usage)}" for usage.\n`));
  } catch (error) {
    // Programs such as head close the pipe on purpose, and need no message.
    if (!(error instanceof OutputError && error.isClosed))
      io.stderr(encodeText(`keywarden: ${oneLine(messageOf(error))}\n`));
  }
  return incomplete({ compat });
}

interface CommandLine {
  command: string | undefined;
  names: string[];
  parsed: Arguments;
  io: Io;
}

function run({ command, names, parsed: read, io }: CommandLine): number | string {
  if (read.values.help === true || command === "help") return printHelp(command, names, io);
  if (read.values.version === true) {
    io.stdout(encodeText(`keywarden ${packageVersion(io)}\n`));
    return 0;
  }
  if (command === undefined) return `no command. Commands: ${commandNames.join(", ")}.`;
  if (!isCommand(command)) return unknownCommand(command);
  const environment = readEnvironment(io);
  if (typeof environment === "string") return environment;
  const invocation = createInvocation(command, {
    arguments: names,
    explicitFlags: { ...withoutOutput(command, environment.values), ...read.values },
    notices: environment.notices,
    io,
  });
  if (typeof invocation === "string") return invocation;
  const { missingArgument } = commandTable[command];
  if (names.length === 0 && missingArgument !== undefined) return missingArgument;
  const { problems } = invocation.loaded;
  if (problems.length > 0) return reportFailure(invocation, { summary: "invalid config", problems });
  return commands[command](invocation);
}

/** `config print` is a command of two words. */
function splitCommand([first, ...rest]: string[]): Pick<CommandLine, "command" | "names"> {
  if (first !== "config") return { command: first, names: rest };
  return { command: ["config", ...rest.slice(0, 1)].join(" "), names: rest.slice(1) };
}

function printHelp(command: string | undefined, names: string[], io: Io): number | string {
  const topic = command === "help" ? names.join(" ") || undefined : command;
  // "config" is the first word of one command.
  const known = commandNames.find((name) => name === topic || name.split(" ")[0] === topic);
  if (topic !== undefined && known === undefined) return unknownCommand(topic);
  io.stdout(encodeText(help(known)));
  return 0;
}

function unknownCommand(name: string): string {
  const advice = Object.hasOwn(conftestCommands, name) ? conftestCommands[name] : undefined;
  if (advice !== undefined) return `"${name}" is a conftest command that Keywarden does not have. ${advice}`;
  return `unknown command "${name}".${didYouMean(name, commandNames) || ` Commands: ${commandNames.join(", ")}.`}`;
}

function isCompatByEnvironment(io: Io): boolean {
  const environment = readEnvironment(io);
  return typeof environment !== "string" && environment.values["conftest-compat"] === true;
}
