import { encodeText } from "../../../reporters/encode.ts";
import { reporters } from "../../../reporters/index.ts";
import { bundledRules } from "../../../session/assets.ts";
import { didYouMean } from "../../../session/flags/suggestion.ts";
import type { Invocation } from "../../../session/invocation.ts";
import { commandTable } from "../command-table.ts";
import { bashCompletion } from "../completion/bash.ts";
import { type Completions, completionsFor } from "../completion/completions.ts";
import { fishCompletion } from "../completion/fish.ts";
import { zshCompletion } from "../completion/zsh.ts";

const shells: { [shell: string]: (completions: Completions) => string } = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Runs `keywarden completion SHELL`: prints a completion script. */
export function completionCommand({ arguments: [shell = "", ...others], io }: Invocation): number | string {
  if (others.length > 0) return "completion takes one shell.";
  const names = Object.keys(shells);
  const script = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (script === undefined)
    return `"${shell}" is not a supported shell.${didYouMean(shell, names) || ` Shells: ${names.join(", ")}.`}`;
  const formats = [...reporters.keys()];
  const completions = completionsFor(commandTable, { formats, shells: names, rules: bundledRules(io) });
  io.stdout(encodeText(script(completions)));
  return 0;
}
