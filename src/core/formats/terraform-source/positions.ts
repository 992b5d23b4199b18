import type { SensitiveRange } from "../../model/sensitive.ts";
import type { Json, Parsed, Range, Source } from "../../model/source.ts";
import type { ByteRange, EvaluatedPlan, EvaluationResponse } from "../../model/terraform-evaluation.ts";
import { isTerraform } from "../../model/terraform-module.ts";
import { rangeAt } from "../../parse/lines.ts";
import { utf16Offsets } from "./bytes.ts";

/** A file that ranges refer to. */
interface SourceFile {
  source: Source;
  offset: (byte: number) => number;
}

const start = { line: 1, column: 1, offset: 0 };
const valuesPointer = "/change/after";

/** Locates values of evaluated plans in the source files of the module. */
export class SourcePositions {
  readonly #paths: string[];
  readonly #readText: (path: string) => string | undefined;
  readonly #files = new Map<number, SourceFile>();

  constructor({ files, calls }: EvaluationResponse, readText: (path: string) => string | undefined) {
    this.#paths = [...new Set([...files, ...Object.values(calls)])];
    this.#readText = readText;
  }

  /** Returns a plan as the parsed text of the root module. Its values are located in the source files. */
  parsed(directory: string, plan: EvaluatedPlan): Parsed {
    return {
      source: { path: directory, text: "" },
      value: plan as unknown as Json,
      locate: (pointer) => this.#locate(plan, directory, pointer),
      locatesEmbeddedJson: true,
    };
  }

  /** Returns the range of a pointer such as `/resource_changes/3/change/after/policy`, or of its nearest ancestor. */
  #locate(plan: EvaluatedPlan, directory: string, pointer: string): Range {
    const [, index = "", inside = ""] = /^\/resource_changes\/(\d+)(.*)$/s.exec(pointer) ?? [];
    const ranges = plan.resource_changes[Number(index)]?.ranges ?? {};
    const inner = inside.startsWith(valuesPointer) ? inside.slice(valuesPointer.length) : "";
    for (let ancestor = inner; ; ancestor = ancestor.slice(0, ancestor.lastIndexOf("/"))) {
      const found = Object.hasOwn(ranges, ancestor) ? ranges[ancestor] : undefined;
      if (found !== undefined) return this.#range(found, inner);
      if (ancestor === "") return { start, end: start, origin: { path: directory, pointer: inner } };
    }
  }

  /** Returns a range in its file. */
  fileRange([number, from, to]: ByteRange): SensitiveRange {
    const { source, offset } = this.#file(number);
    return { file: source.path, ...rangeAt(source, offset(from), offset(to)) };
  }

  /** Returns the range of a value of a plan if its source is a literal: a string, a number or a heredoc. */
  literalRange(plan: EvaluatedPlan, pointer: string): SensitiveRange | undefined {
    const [, index = "", inside = ""] =
      /^\/resource_changes\/(\d+)\/change\/after(\/.*)$/s.exec(pointer) ?? [];
    const ranges = plan.resource_changes[Number(index)]?.ranges ?? {};
    const found = Object.hasOwn(ranges, inside) ? ranges[inside] : undefined;
    if (found === undefined) return undefined;
    const range = this.fileRange(found);
    const { text } = this.#file(found[0]).source;
    return /["\d<]/.test(text.charAt(range.start.offset)) ? range : undefined;
  }

  #range([number, from, to]: ByteRange, pointer: string): Range {
    const { source, offset } = this.#file(number);
    return { ...rangeAt(source, offset(from), offset(to)), origin: { path: source.path, pointer } };
  }

  /** Returns the Terraform files of the module, which can contain suppressions, and all other files with a position. */
  files(): Parsed[] {
    for (const [number, path] of this.#paths.entries()) if (isTerraform(path)) this.#file(number);
    return [...this.#files.values()].map(({ source }) => ({
      source,
      value: null,
      locate: () => rangeAt(source, 0, 0),
    }));
  }

  #file(number: number): SourceFile {
    const known = this.#files.get(number);
    if (known !== undefined) return known;
    const path = this.#paths[number] ?? "";
    const text = this.#readText(path) ?? "";
    const file = { source: { path, text }, offset: utf16Offsets(text) };
    this.#files.set(number, file);
    return file;
  }
}
