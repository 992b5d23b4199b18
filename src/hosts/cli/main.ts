import { messageOf } from "../../core/model/message.ts";
import { version } from "../../session/assets.ts";
import { closest } from "../../session/flags/closest.ts";
import { readEnvironment } from "../../session/flags/environment.ts";
import { otherCommands } from "../../session/flags/unsupported.ts";
import { type VerbName, verbs } from "../../session/flags/values.ts";
import type { Io } from "../../session/host-io.ts";
import { type Call, callOf, reportFor } from "../../session/invocation.ts";
import { readArguments } from "./arguments.ts";
import { refuse } from "./deliver.ts";
import { incomplete } from "./exit.ts";
import { help } from "./help.ts";
import { baseline } from "./verbs/baseline.ts";
import { configPrint } from "./verbs/config.ts";
import { normalize } from "./verbs/normalize.ts";
import { explain, rules } from "./verbs/rules.ts";
import { serve } from "./verbs/serve.ts";
import { test } from "./verbs/test.ts";

/** Each gives its exit code, or what is wrong with the call. */
const commands: { [N in VerbName]: (call: Call) => number | string } = {
  test,
  normalize,
  baseline,
  rules,
  explain,
  serve,
  "config print": configPrint,
};

/** Runs a command; its exit code. Never throws: an exit code of Node's own would look like an answer. */
export function main(args: string[], io: Io): number {
  const compat = args.includes("--conftest-compat") || readCompat(io);
  const wrong = (message: string): number => {
    io.stderr(`keywarden: ${message}\nTry keywarden --help.\n`);
    return incomplete({ compat });
  };
  try {
    const result = command(args, io);
    return typeof result === "string" ? wrong(result) : result;
  } catch (error) {
    io.stderr(`keywarden: ${messageOf(error)}\n`);
    return incomplete({ compat });
  }
}

function command(args: string[], io: Io): number | string {
  const read = readArguments(args);
  if (typeof read === "string") return read;
  const { verb, names } = verbOf(read.words);
  if (read.values.help === true || verb === "help") {
    io.stdout(help(isVerb(verb) ? verb : undefined));
    return 0;
  }
  if (read.values.version === true) {
    io.stdout(`keywarden ${version(io)}\n`);
    return 0;
  }
  if (verb === undefined) return `say what to do: ${Object.keys(verbs).join(", ")}`;
  if (!isVerb(verb)) return unknown(verb);
  const around = readEnvironment(io);
  if (typeof around === "string") return around;
  const { remarks } = around;
  const call = callOf(verb, {
    names,
    given: { ...reportFor(verb, around.values), ...read.values },
    remarks,
    io,
  });
  if (typeof call === "string") return call;
  const { problems } = call.loaded;
  return problems.length === 0
    ? commands[verb](call)
    : refuse(call, { what: "wrong configuration", problems });
}

function verbOf([first, ...rest]: string[]): { verb: string | undefined; names: string[] } {
  if (first !== "config") return { verb: first, names: rest };
  return { verb: ["config", ...rest.slice(0, 1)].join(" "), names: rest.slice(1) };
}

const isVerb = (verb: string | undefined): verb is VerbName =>
  verb !== undefined && Object.hasOwn(verbs, verb);

function unknown(verb: string): string {
  const elsewhere = Object.hasOwn(otherCommands, verb) ? otherCommands[verb] : undefined;
  if (elsewhere !== undefined) return `there is no ${verb} here: ${elsewhere}`;
  const names = Object.keys(verbs);
  return `unknown command ${verb}${closest(verb, names) || `: there are ${names.join(", ")}`}`;
}

function readCompat(io: Io): boolean {
  const read = readEnvironment(io);
  return typeof read !== "string" && read.values["conftest-compat"] === true;
}
