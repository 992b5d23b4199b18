import { constants } from "node:buffer";
import { readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, posix } from "node:path";
import type { Problem, Source } from "../core/model/source.ts";
import { isOrchestration, isTerraform, type TerraformModule } from "../core/model/terraform-module.ts";
import { type DecodedText, decodeUtf8 } from "../core/parse/decode.ts";
import { bytesMayConcernKms, certainlyConcernsKms } from "../core/parse/kms-content.ts";
import { readDescriptor, readFileAt } from "./bytes.ts";
import { isModuleFile, moduleFilesOnDisk } from "./module-files.ts";
import { ioProblem, tooLargeProblem } from "./problems.ts";

/**
 * An input at a path. `named`: the user named the path itself, not a directory that contains it. `empty`: a named
 * directory without files to check, or with ignored files only.
 */
export type PathInput =
  | { kind: "source"; named: boolean; source: Source }
  | { kind: "module"; named: boolean; module: TerraformModule }
  | { kind: "problem"; named: boolean; problem: Problem }
  | { kind: "skipped"; named: boolean; path: string; reason: SkipReason }
  | { kind: "empty"; named: boolean; path: string };

/**
 * Why a file was skipped. In a directory: it does not concern KMS, it concerns KMS but only named files with its extension
 * are read, or it is a pipe, socket or device. For a named file: the config file ignores it.
 */
export type SkipReason = "no-kms-content" | "extension" | "not-a-regular-file" | "ignored";

export interface ReadOptions {
  /** A larger file is a problem. Default: 256 MB. */
  maxBytes?: number;
  /** Skips matching files. Paths are passed without a leading `./`. */
  ignore?: { test(path: string): boolean };
  /** Files with values for Terraform variables. */
  variableFiles?: string[];
  /** File descriptor that `-` reads. Default: 0. */
  stdin?: number;
}

export const defaultMaxBytes = 256 * 1024 * 1024;

const extensions = /\.(?:json|ya?ml|template|tpl|txt)$/i;
/** Extensions of templates and policies that are read only by name. Other tools render them, or add comments to JSON. */
const unreadExtensions = /\.(?:cfn|cform|cloudformation|erb|j2|jinja2?|json5|jsonc|mustache|policy)$/i;
const maxUnreadBytes = 1024 * 1024;
const ignoredDirectories = new Set(["node_modules"]);

/**
 * Reads the inputs at paths, in order. A path is a file with any name, a directory, or `-` for standard input. Directories
 * are walked in the order of names; only files with a known extension are read, and hidden directories and node_modules
 * are skipped. Each file occurs once, even if several paths or links lead to it. An unreadable file is a problem and does
 * not affect other files. Terraform files are not read here: their directory is returned as a module.
 */
export function* readPaths(paths: string[], options: ReadOptions = {}): Generator<PathInput> {
  const reader = new PathReader(options, paths);
  for (const path of paths) yield* reader.read(path);
}

class PathReader {
  private readonly maxBytes: number;
  private readonly ignore: ReadOptions["ignore"];
  private readonly stdin: number;
  private readonly variableFiles: string[] | undefined;
  /** The named directory that is being walked. */
  private base = ".";
  /** Real paths of the named files. They are read even if a named directory leads to them first. */
  private readonly namedFiles: Set<string>;
  private readonly visited = new Set<string>();
  /** The named directory that is being walked contains a file to check. */
  private matched = false;

  constructor(options: ReadOptions, paths: string[]) {
    // A larger file cannot be decoded to a string.
    this.maxBytes = Math.min(options.maxBytes ?? defaultMaxBytes, constants.MAX_STRING_LENGTH);
    this.ignore = options.ignore;
    this.stdin = options.stdin ?? 0;
    this.variableFiles = options.variableFiles;
    this.namedFiles = new Set(paths.filter((path) => path !== "-").flatMap(realPath));
  }

  *read(path: string): Generator<PathInput> {
    if (path === "-") {
      if (this.isNew("-")) yield this.load(path, true, () => readDescriptor(this.stdin, this.maxBytes));
      return;
    }
    this.matched = false;
    try {
      const isDirectory = statSync(path).isDirectory();
      this.base = isDirectory ? path : dirname(path);
      if (isDirectory) yield* this.walk(path, true);
      else if (this.isIgnored(path)) yield { kind: "skipped", named: true, path, reason: "ignored" };
      else if (isModuleFile(path)) yield this.moduleInput(this.base, true, [path]);
      else if (this.isNew(realpathSync(path))) yield this.open(path, true);
      if (isDirectory && !this.matched) yield { kind: "empty", named: true, path };
    } catch (error) {
      yield failedInput(path, true, error);
    }
  }

  private isIgnored(path: string): boolean {
    return this.ignore?.test(posix.normalize(path)) === true;
  }

  private isNew(real: string): boolean {
    if (this.visited.has(real)) return false;
    this.visited.add(real);
    return true;
  }

  private *walk(directory: string, named = false): Generator<PathInput> {
    let names: string[];
    try {
      // A link may lead to a parent directory, so each directory is entered only once.
      if (!this.isNew(realpathSync(directory))) {
        this.matched = true;
        return;
      }
      names = readdirSync(directory).sort();
    } catch (error) {
      this.matched = true;
      yield failedInput(directory, named, error);
      return;
    }
    const terraform = names
      .filter(isTerraform)
      .map((name) => joinedPath(directory, name))
      .filter(isModuleFile);
    const requested = terraform.filter((path) => !this.isIgnored(path));
    if (requested.length > 0) {
      this.matched = true;
      yield this.moduleInput(directory, named, requested.length < terraform.length ? requested : undefined);
    }
    for (const name of names) yield* this.entry(joinedPath(directory, name), name);
  }

  private moduleInput(directory: string, named: boolean, only?: string[]): PathInput {
    const files = moduleFilesOnDisk({ base: this.base, variableFiles: this.variableFiles });
    return { kind: "module", named, module: { directory, files, ...(only === undefined ? {} : { only }) } };
  }

  private *entry(path: string, name: string): Generator<PathInput> {
    // The trailing slash lets a glob for directories match.
    if (ignoredDirectories.has(name) || this.isIgnored(`${path}/`)) return;
    const hasKnownExtension = extensions.test(name) || isOrchestration(name);
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) {
        if (!name.startsWith(".")) yield* this.walk(path);
        return;
      }
      // Module files are part of their directory's module.
      if (this.isIgnored(path) || isModuleFile(path)) return;
      const real = realpathSync(path);
      const named = this.namedFiles.has(real);
      if (hasKnownExtension || named) this.matched = true;
      if (!(hasKnownExtension || named)) {
        if (stat.isFile() && stat.size <= maxUnreadBytes && unreadExtensions.test(name))
          yield* this.unread(path);
        return;
      }
      if (!this.isNew(real)) return;
      if (stat.isFile() || named) yield this.open(path, named);
      else yield { kind: "skipped", named, path, reason: "not-a-regular-file" };
    } catch (error) {
      // Some editors create lock files as hidden dangling links. A name without extension may be a directory.
      const isDangling = ["ENOENT", "ELOOP"].includes((error as NodeJS.ErrnoException).code ?? "");
      if (!this.isIgnored(path) && (hasKnownExtension || !isDangling) && !name.startsWith(".")) {
        this.matched = true;
        yield failedInput(path, false, error);
      }
    }
  }

  /** Returns a file that is skipped because of its extension, if it is certainly about KMS. */
  private *unread(path: string): Generator<PathInput> {
    const input = this.open(path, false);
    if (input.kind === "source" && certainlyConcernsKms(input.source))
      yield { kind: "skipped", named: false, path, reason: "extension" };
  }

  private open(path: string, named: boolean): PathInput {
    return this.load(path, named, () => readFileAt(path, this.maxBytes));
  }

  private load(path: string, named: boolean, read: () => Buffer | null): PathInput {
    try {
      const bytes = read();
      if (bytes === null) return { kind: "problem", named, problem: tooLargeProblem(path, this.maxBytes) };
      if (!named && !isOrchestration(path) && !bytesMayConcernKms(bytes))
        return { kind: "skipped", named, path, reason: "no-kms-content" };
      const decoded = decodeUtf8(path, bytes);
      return decodedInput(path, named, decoded);
    } catch (error) {
      return failedInput(path, named, error);
    }
  }
}

const decodedInput = (path: string, named: boolean, decoded: DecodedText): PathInput =>
  "problem" in decoded
    ? { kind: "problem", named, problem: decoded.problem }
    : { kind: "source", named, source: { path, text: decoded.text } };

const failedInput = (path: string, named: boolean, error: unknown): PathInput => ({
  kind: "problem",
  named,
  problem: ioProblem(path, error),
});

function realPath(path: string): string[] {
  try {
    return [realpathSync(path)];
  } catch {
    return [];
  }
}

function joinedPath(directory: string, name: string): string {
  if (directory === ".") return name;
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
