import type { Json, Parsed, Range, Source } from "../../model/source.ts";
import type { EvaluatedPlan, EvaluationResponse } from "../../model/terraform-evaluation.ts";
import { isTerraform } from "../../model/terraform-module.ts";
import { rangeAt } from "../../parse/lines.ts";
import { fromBytes } from "./bytes.ts";

/** A text that ranges lead into. */
interface File {
  source: Source;
  offset: (byte: number) => number;
}

const start = { line: 1, column: 1, offset: 0 };
const arguments_ = "/change/after";

/** Where the values of evaluated plans stand in the files that they were written in. */
export class Places {
  readonly #paths: string[];
  readonly #texts: (path: string) => string | undefined;
  readonly #files = new Map<number, File>();

  constructor({ files, calls }: EvaluationResponse, texts: (path: string) => string | undefined) {
    this.#paths = [...new Set([...files, ...Object.values(calls)])];
    this.#texts = texts;
  }

  /** A plan as a parsed text of the root module, whose values stand in its files. */
  parsed(directory: string, plan: EvaluatedPlan): Parsed {
    return {
      source: { path: directory, text: "" },
      value: plan as unknown as Json,
      locate: (pointer) => this.#locate(plan, directory, pointer),
      locatesEmbeddedJson: true,
    };
  }

  /** `/resource_changes/3/change/after/policy/Statement/0`: the range of the nearest place that is known. */
  #locate(plan: EvaluatedPlan, directory: string, pointer: string): Range {
    const [, index = "", inside = ""] = /^\/resource_changes\/(\d+)(.*)$/s.exec(pointer) ?? [];
    const ranges = plan.resource_changes[Number(index)]?.ranges ?? {};
    const inner = inside.startsWith(arguments_) ? inside.slice(arguments_.length) : "";
    for (let here = inner; ; here = here.slice(0, here.lastIndexOf("/"))) {
      const found = Object.hasOwn(ranges, here) ? ranges[here] : undefined;
      if (found !== undefined) return this.#range(found, inner);
      if (here === "") return { start, end: start, origin: { path: directory, pointer: inner } };
    }
  }

  #range([number, from, to]: [number, number, number], pointer: string): Range {
    const { source, offset } = this.#file(number);
    return { ...rangeAt(source, offset(from), offset(to)), origin: { path: source.path, pointer } };
  }

  /** The files of the configuration, for what stands there beside values, and others to which something points. */
  shown(): Parsed[] {
    for (const [number, path] of this.#paths.entries()) if (isTerraform(path)) this.#file(number);
    return [...this.#files.values()].map(({ source }) => ({
      source,
      value: null,
      locate: () => rangeAt(source, 0, 0),
    }));
  }

  #file(number: number): File {
    const known = this.#files.get(number);
    if (known !== undefined) return known;
    const path = this.#paths[number] ?? "";
    const text = this.#texts(path) ?? "";
    const file = { source: { path, text }, offset: fromBytes(text) };
    this.#files.set(number, file);
    return file;
  }
}
