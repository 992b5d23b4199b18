import opa from "@open-policy-agent/opa-wasm";
import type { Document } from "../model/document.ts";
import type { Level, RuleInfo, Verdict } from "../model/report.ts";
import type { Location } from "../model/source.ts";
import { batches } from "./batch.ts";

/** A finding as the rules give it. */
export interface RawFinding {
  rule: string;
  level: Level;
  verdict: Verdict;
  resource: string;
  file: string;
  message: string;
  location: Location;
  statement: string | null;
  title: string;
  why: string;
  remediation: string;
}

/** What a configuration changes about the rules, by rule; they read it as `data.keywarden.settings`. */
export type RuleSettings = { [name: string]: unknown };

export interface Engine {
  /** Synchronous. The findings in the order file, line, column, rule. Throws an Error when the module fails. */
  evaluate(document: Document, settings?: RuleSettings): RawFinding[];
  rules: RuleInfo[];
}

export interface EngineOptions {
  /** Of entities that are evaluated at once, about. */
  batchSize?: number;
  /** Of 64 KiB, which the rules may take at most. */
  pages?: number;
}

const ENTRYPOINT = "kms/main";

/**
 * The rules, compiled to WebAssembly: bytes, or a WebAssembly.Module. `rules` is their metadata. Throws an Error when the
 * module cannot be loaded.
 */
export function loadEngine(
  wasm: Uint8Array | object,
  rules: RuleInfo[],
  { batchSize, pages }: EngineOptions = {},
): Engine {
  const memory = pages === undefined ? {} : { maximum: pages };
  const policy = wrapped("The compiled rules cannot be loaded", () => opa.loadPolicySync(wasm, memory));
  return {
    rules,
    evaluate(document, settings = {}) {
      const results = wrapped("The rules failed", () => {
        policy.setData({ keywarden: { settings } });
        return batches(document, batchSize).map((part) => policy.evaluate(part, ENTRYPOINT));
      });
      return results.flatMap(findingsOf).sort(compare);
    },
  };
}

/** opa-wasm throws strings and bare objects; what leaves here is an Error. */
function wrapped<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw new Error(`${what}: ${reason(thrown)}`, { cause: thrown });
  }
}

function reason(thrown: unknown): string {
  if (typeof thrown === "object" && thrown !== null && "message" in thrown) return String(thrown.message);
  return String(thrown);
}

function findingsOf(results: { result: unknown }[]): RawFinding[] {
  const result = results[0]?.result as { findings?: RawFinding[] } | undefined;
  if (!Array.isArray(result?.findings)) throw new Error(`The rules failed: ${ENTRYPOINT} has no findings`);
  return result.findings;
}

/** A total order: OPA gives sets in no order that lasts. */
export function compare(a: RawFinding, b: RawFinding): number {
  return (
    text(a.file, b.file) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    text(a.rule, b.rule) ||
    text(a.resource, b.resource) ||
    text(a.verdict, b.verdict) ||
    text(a.message, b.message) ||
    text(JSON.stringify(a), JSON.stringify(b))
  );
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
