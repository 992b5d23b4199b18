import { re2Pattern } from "../../core/model/pattern.ts";
import type { Problem, UnseenPart } from "../../core/model/source.ts";
import type { CheckInput } from "../../core/options.ts";
import { readPaths } from "../../node/read.ts";
import { ignoreMatcher } from "../../session/config/index.ts";
import type { Invocation } from "../../session/invocation.ts";
import type { StatusLine } from "./progress.ts";

/**
 * Reads the paths one by one. Adds a problem to `unread` for each input that cannot be read, and a part to `unseen` for
 * each file that is skipped although it concerns KMS.
 */
export function* inputs(
  invocation: Invocation,
  unread: Problem[],
  unseen: UnseenPart[],
  progress: StatusLine,
): Generator<CheckInput> {
  const { arguments: paths, flags, compat, loaded } = invocation;
  const byFlag = flags.ignore === undefined ? undefined : re2Pattern(flags.ignore);
  const byConfig = ignoreMatcher(loaded.config);
  const ignore = { test: (path: string) => byFlag?.test(path) === true || byConfig.test(path) };
  const displayName = (path: string) => (path === "-" ? stdinName(invocation) : path);
  let files = 0;
  const empty: Problem[] = [];
  for (const input of readPaths(paths, { variableFiles: flags["var-file"] ?? [], ignore })) {
    if (input.kind === "empty") empty.push(noFiles(input.path));
    if (input.kind === "empty" || (input.kind === "skipped" && input.reason === "ignored")) continue;
    if (input.kind === "skipped" && input.reason === "extension") {
      unseen.push(skippedFile(input.path));
      continue;
    }
    files += 1;
    progress.show(`Reading: ${files} files`);
    if (input.kind === "source" && !compat && input.source.path === "-" && input.source.text.trim() === "")
      unread.push(emptyStdin(displayName("-")));
    else if (input.kind === "source")
      yield { ...input.source, path: displayName(input.source.path), named: input.named };
    else if (input.kind === "module") yield input.module;
    // A nested stack may refer to a template without KMS content, which is then not missing.
    else if (input.kind === "skipped" && input.reason === "no-kms-content")
      yield { path: input.path, text: "" };
    else if (input.kind === "problem")
      unread.push({ ...input.problem, file: displayName(input.problem.file) });
  }
  if (files === 0 && empty.length === 0) unread.push(noFiles(paths.join(", ")));
  // conftest only fails if there is no file at all.
  if (!compat || files === 0) unread.push(...empty);
}

const skippedFile = (path: string): UnseenPart => ({
  kind: "file",
  file: path,
  subject: path,
  message: `${path} has KMS content, but its extension is not one that Keywarden reads in directories.`,
  remedy: "Name the file explicitly. If another tool renders it, check the result.",
});

/** Terraform source is recognized by the name of its file, which standard input does not have. */
const stdinName = ({ flags }: Invocation): string =>
  flags["stdin-filename"] ?? (flags.parser === "hcl2" ? "stdin.tf" : "-");

/** Empty input must not pass, because the command before the pipe may have failed. */
const emptyStdin = (file: string): Problem => ({
  file,
  message: "Standard input is empty.",
  remedy: "Check the command before the pipe. Without set -o pipefail, the shell ignores its failure.",
});

/** A path without files must not pass unnoticed. */
const noFiles = (file: string): Problem => ({
  file,
  message: "There are no files to check in this path.",
  remedy:
    "Check the path and the ignored paths. In directories, Keywarden reads .json, .yaml, .yml, .template, .tpl, .txt, .tf and .tofu files.",
});
