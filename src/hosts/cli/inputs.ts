import { pattern } from "../../core/model/pattern.ts";
import type { Problem } from "../../core/model/source.ts";
import type { CheckInput } from "../../core/options.ts";
import { readPaths } from "../../node/read.ts";
import { ignoredBy } from "../../session/config/index.ts";
import type { Call } from "../../session/invocation.ts";
import type { Progress } from "./progress.ts";

/** What can be read of the paths, one after the other; what cannot is put into `unread`. */
export function* inputs(call: Call, unread: Problem[], progress: Progress): Generator<CheckInput> {
  const { names, values, compat, loaded } = call;
  const given = values.ignore === undefined ? undefined : pattern(values.ignore);
  const configured = ignoredBy(loaded.config);
  const ignore = { test: (path: string) => given?.test(path) === true || configured.test(path) };
  const called = (path: string) => (path === "-" ? nameOfStdin(call) : path);
  let files = 0;
  const empty: Problem[] = [];
  for (const input of readPaths(names, { variableFiles: values["var-file"] ?? [], ignore })) {
    if (input.kind === "empty") empty.push(nothingAt(input.path));
    if (input.kind === "empty" || (input.kind === "skipped" && input.reason === "ignored")) continue;
    files += 1;
    progress.say(`Reading: ${files} files`);
    if (input.kind === "source" && !compat && input.source.path === "-" && input.source.text.trim() === "")
      unread.push(nothingCame(called("-")));
    else if (input.kind === "source")
      yield { ...input.source, path: called(input.source.path), named: input.named };
    else if (input.kind === "module") yield input.module;
    else if (input.kind === "problem") unread.push({ ...input.problem, file: called(input.problem.file) });
  }
  if (files === 0 && empty.length === 0) unread.push(nothingAt(names.join(", ")));
  // conftest minds only where there is no file at all.
  if (!compat || files === 0) unread.push(...empty);
}

/** Terraform's source is known by its name, which standard input has not. */
const nameOfStdin = ({ values }: Call): string =>
  values["stdin-filename"] ?? (values.parser === "hcl2" ? "stdin.tf" : "-");

/** The command before the pipe may have failed: nothing is not something that passes. */
const nothingCame = (file: string): Problem => ({
  file,
  message: "Standard input is empty.",
  remedy: "Check the command before the pipe: where it fails, the shell goes on without set -o pipefail.",
});

/** A path from which nothing comes would pass without a word, whatever was meant to be there. */
const nothingAt = (file: string): Problem => ({
  file,
  message: "It leads to no file to check.",
  remedy:
    "Check the path and what is ignored; in folders, files are .json, .yaml, .yml, .template, .tpl, .txt, .tf and .tofu.",
});
