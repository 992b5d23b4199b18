import { constants } from "node:buffer";
import { closeSync, openSync, readdirSync, realpathSync, statSync } from "node:fs";
import { dirname, posix } from "node:path";
import type { Problem, Source } from "../core/model/source.ts";
import { isTerraform, type TerraformModule } from "../core/model/terraform-module.ts";
import { type DecodedText, decodeUtf8 } from "../core/parse/decode.ts";
import { bytesMayConcernKms } from "../core/parse/kms-content.ts";
import { readAll } from "./bytes.ts";
import { diskFiles, isConfiguration } from "./module-files.ts";
import { ioProblem, tooLarge } from "./problems.ts";

/**
 * One input. `named`: its path was given, rather than found below a directory that was. `empty`: a directory that was
 * given and has no file of ours, or ignored ones alone.
 */
export type Input =
  | { kind: "source"; named: boolean; source: Source }
  | { kind: "configuration"; named: boolean; configuration: TerraformModule }
  | { kind: "problem"; named: boolean; problem: Problem }
  | { kind: "skipped"; named: boolean; path: string; reason: Skip }
  | { kind: "empty"; named: boolean; path: string };

/**
 * Why a file was passed over: below a directory, that it holds nothing about KMS, or is a pipe, socket or device; of one
 * that is named, that it is ignored all the same.
 */
export type Skip = "no-kms-content" | "no-regular-file" | "ignored";

export interface ReadOptions {
  /** Larger files are problems. */
  maxBytes?: number;
  /** Files that match are passed over; paths come without `./` at the start. */
  ignore?: { test(path: string): boolean };
  /** Files with values for the variables of Terraform configurations. */
  variableFiles?: string[];
  /** File descriptor that `-` reads. */
  stdin?: number;
}

export const defaultMaxBytes = 256 * 1024 * 1024;

const extensions = /\.(?:json|ya?ml|template|tpl|txt)$/i;
const passedOver = new Set(["node_modules"]);

/**
 * Reads the files that paths name, in the order of the paths. A path is a file (read whatever its name), a directory
 * (walked in the order of names; files with the extensions of the formats, hidden folders and node_modules left out)
 * or `-`, standard input. Each file comes once, however many paths and links lead to it. What cannot be read is a
 * problem, and the rest goes on. Files of Terraform configurations are not read here: a directory that has some comes
 * as a whole.
 */
export function* readPaths(paths: string[], options: ReadOptions = {}): Generator<Input> {
  const reader = new PathReader(options, paths);
  for (const path of paths) yield* reader.read(path);
}

class PathReader {
  private readonly maxBytes: number;
  private readonly ignore: ReadOptions["ignore"];
  private readonly stdin: number;
  private readonly variableFiles: string[] | undefined;
  /** The directory that was named, of those that are walked. */
  private base = ".";
  /** Real paths of the files that are named: they come through even when a directory leads there first. */
  private readonly namedFiles: Set<string>;
  private readonly seen = new Set<string>();
  /** Whether the directory that is read now led to a file. */
  private matched = false;

  constructor(options: ReadOptions, paths: string[]) {
    // No string is longer, so no larger file could be decoded.
    this.maxBytes = Math.min(options.maxBytes ?? defaultMaxBytes, constants.MAX_STRING_LENGTH);
    this.ignore = options.ignore;
    this.stdin = options.stdin ?? 0;
    this.variableFiles = options.variableFiles;
    this.namedFiles = new Set(paths.filter((path) => path !== "-").flatMap(realPath));
  }

  *read(path: string): Generator<Input> {
    if (path === "-") {
      if (this.isNew("-")) yield this.load(path, this.stdin, true);
      return;
    }
    this.matched = false;
    try {
      const isDirectory = statSync(path).isDirectory();
      this.base = isDirectory ? path : dirname(path);
      if (isDirectory) yield* this.walk(path, true);
      else if (this.isIgnored(path)) yield { kind: "skipped", named: true, path, reason: "ignored" };
      else if (isConfiguration(path)) yield this.configuration(this.base, true, [path]);
      else if (this.isNew(realpathSync(path))) yield this.open(path, true);
      if (isDirectory && !this.matched) yield { kind: "empty", named: true, path };
    } catch (error) {
      yield failed(path, true, error);
    }
  }

  private isIgnored(path: string): boolean {
    return this.ignore?.test(posix.normalize(path)) === true;
  }

  private isNew(real: string): boolean {
    if (this.seen.has(real)) return false;
    this.seen.add(real);
    return true;
  }

  private *walk(directory: string, named = false): Generator<Input> {
    let names: string[];
    try {
      // A link may lead back to a directory above: each directory is entered once.
      if (!this.isNew(realpathSync(directory))) {
        this.matched = true;
        return;
      }
      names = readdirSync(directory).sort();
    } catch (error) {
      this.matched = true;
      yield failed(directory, named, error);
      return;
    }
    const terraform = names
      .filter(isTerraform)
      .map((name) => joined(directory, name))
      .filter(isConfiguration);
    const asked = terraform.filter((path) => !this.isIgnored(path));
    if (asked.length > 0) {
      this.matched = true;
      yield this.configuration(directory, named, asked.length < terraform.length ? asked : undefined);
    }
    for (const name of names) yield* this.entry(joined(directory, name), name);
  }

  private configuration(directory: string, named: boolean, only?: string[]): Input {
    const files = diskFiles({ base: this.base, variableFiles: this.variableFiles });
    const configuration = { directory, files, ...(only === undefined ? {} : { only }) };
    return { kind: "configuration", named, configuration };
  }

  private *entry(path: string, name: string): Generator<Input> {
    // What is matched already stays so, whatever follows the slash.
    if (passedOver.has(name) || this.isIgnored(`${path}/`)) return;
    const wanted = extensions.test(name);
    try {
      const stat = statSync(path);
      if (stat.isDirectory()) {
        if (!name.startsWith(".")) yield* this.walk(path);
        return;
      }
      // It came with its directory.
      if (this.isIgnored(path) || isConfiguration(path)) return;
      const real = realpathSync(path);
      const named = this.namedFiles.has(real);
      if (wanted || named) this.matched = true;
      if (!(wanted || named) || !this.isNew(real)) return;
      if (stat.isFile() || named) yield this.open(path, named);
      else yield { kind: "skipped", named, path, reason: "no-regular-file" };
    } catch (error) {
      // Editors keep locks as hidden links that lead nowhere.
      if (!this.isIgnored(path) && wanted && !name.startsWith(".")) yield failed(path, false, error);
    }
  }

  private open(path: string, named: boolean): Input {
    let descriptor: number | undefined;
    try {
      descriptor = openSync(path, "r");
      return this.load(path, descriptor, named);
    } catch (error) {
      return failed(path, named, error);
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  private load(path: string, descriptor: number, named: boolean): Input {
    try {
      const bytes = readAll(descriptor, this.maxBytes);
      if (bytes === null) return { kind: "problem", named, problem: tooLarge(path, this.maxBytes) };
      if (!named && !bytesMayConcernKms(bytes))
        return { kind: "skipped", named, path, reason: "no-kms-content" };
      const decoded = decodeUtf8(path, bytes);
      return asInput(path, named, decoded);
    } catch (error) {
      return failed(path, named, error);
    }
  }
}

const asInput = (path: string, named: boolean, decoded: DecodedText): Input =>
  "problem" in decoded
    ? { kind: "problem", named, problem: decoded.problem }
    : { kind: "source", named, source: { path, text: decoded.text } };

const failed = (path: string, named: boolean, error: unknown): Input => ({
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

function joined(directory: string, name: string): string {
  if (directory === ".") return name;
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
