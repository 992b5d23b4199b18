import opa from "@open-policy-agent/opa-wasm";
import type { Document } from "../model/document.ts";
import type { Level, RuleInfo, Verdict } from "../model/report.ts";
import type { Location } from "../model/source.ts";
import { batches } from "./batch.ts";
import { compiled } from "./host.ts";

/** A finding as the rules return it. */
export interface RawFinding {
  rule: string;
  level: Level;
  verdict: Verdict;
  resource: string;
  file: string;
  message: string;
  /** The causes of an unknown verdict, in words. */
  causes?: string[];
  /** The assumptions under which the resource fails, if its verdict is unknown for that reason. */
  failsIf?: string[];
  location: Location;
  statement: string | null;
  title: string;
  why: string;
  remediation: string;
}

/** The settings that differ from the defaults, by rule. Rules read them as `data.keywarden.settings`. */
export type RuleSettings = { [name: string]: unknown };

export interface Engine {
  /**
   * Returns the findings, sorted by file, line, column and rule. Synchronous. Throws an Error if the module fails.
   */
  evaluate(document: Document, settings?: RuleSettings): RawFinding[];
  rules: RuleInfo[];
}

export interface EngineOptions {
  /** Approximate number of entities and principals of statements in one evaluation. Default: 300. */
  batchSize?: number;
  /** Memory limit of the module, in WebAssembly pages of 64 KiB. */
  maxMemoryPages?: number;
}

const ENTRYPOINT = "kms/main";
const CANNOT_LOAD = "Cannot load the compiled rules";

/**
 * Loads compiled rules. `wasm` is a WebAssembly binary or a WebAssembly.Module; `rules` is the metadata of the rules.
 * Throws an Error if the module cannot be loaded.
 */
export function loadEngine(
  wasm: Uint8Array | object,
  rules: RuleInfo[],
  { batchSize, maxMemoryPages }: EngineOptions = {},
): Engine {
  const memory = maxMemoryPages === undefined ? {} : { maximum: maxMemoryPages };
  const module = withErrors(CANNOT_LOAD, () => compiled(wasm));
  const load = () => withErrors(CANNOT_LOAD, () => opa.loadPolicySync(module, { ...memory }));
  // A failed evaluation leaves the memory of its instance in an unknown state, so the next one gets a new instance.
  let policy: ReturnType<typeof load> | undefined = load();
  return {
    rules,
    evaluate(document, settings = {}) {
      const instance = policy ?? load();
      policy = undefined;
      const results = withErrors("The evaluation of the rules failed", () => {
        instance.setData(jsonBytes({ keywarden: { settings } }));
        return batches(document, batchSize).map((batch) => instance.evaluate(jsonBytes(batch), ENTRYPOINT));
      });
      policy = instance;
      return results.flatMap(findingsOf).sort(compareRawFindings);
    },
  };
}

const encoder = new TextEncoder();

/** Returns a value as JSON, with unpaired surrogates replaced: the rules can read only text that UTF-8 can encode. */
function jsonBytes(value: object): ArrayBuffer {
  const text = JSON.stringify(value);
  const readable = text.includes("\\ud")
    ? text.replace(/\\(ud[89a-f][\da-f]{2}|.)/g, (escape, code) => (code.length > 1 ? "\\ufffd" : escape))
    : text;
  return encoder.encode(readable).buffer;
}

/** Runs a function and rethrows its failure as an Error: opa-wasm throws strings and plain objects. */
function withErrors<T>(failure: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw new Error(`${failure}: ${reason(thrown)}`, { cause: thrown });
  }
}

function reason(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) return String(thrown.message);
  return String(thrown);
}

function findingsOf(results: { result: unknown }[]): RawFinding[] {
  const result = results[0]?.result as { findings?: RawFinding[] } | undefined;
  if (!Array.isArray(result?.findings))
    throw new Error(`The evaluation of the rules failed: ${ENTRYPOINT} has no findings`);
  return result.findings;
}

/** Compares findings in a total order, because the order of OPA's sets is not stable. */
export function compareRawFindings(a: RawFinding, b: RawFinding): number {
  return (
    compareText(a.file, b.file) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    compareText(a.rule, b.rule) ||
    compareText(a.resource, b.resource) ||
    compareText(a.verdict, b.verdict) ||
    compareText(a.message, b.message) ||
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
