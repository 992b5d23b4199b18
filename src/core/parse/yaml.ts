import type { Parsed, Problem, Source } from "../model/source.ts";
import { tooDeepFailure } from "./failure.ts";
import { defaultMaxDepth } from "./json.ts";
import type { Span } from "./json-scan.ts";
import { pointAt, rangeAt } from "./lines.ts";
import { listIndex, pointerParts } from "./pointer.ts";
import { sourceProblem } from "./problem.ts";
import { Composer, type Limits, type YamlDocument } from "./yaml-compose.ts";
import { yamlFailure } from "./yaml-errors.ts";
import { yamlEvents } from "./yaml-events.ts";
import type { Children } from "./yaml-merge.ts";

export interface YamlLimits extends Limits {
  /** In characters. The parser events take up to 120 times the size of the text in memory. */
  maxLength: number;
}

const defaultLimits: YamlLimits = {
  maxDepth: defaultMaxDepth,
  maxAliased: 10_000,
  maxLength: 16 * 1024 * 1024,
};

/**
 * Parses YAML 1.2 and returns each document that is not empty. Keys are strings as written. CloudFormation short tags are
 * expanded (`!Ref A` is `{"Ref": "A"}`); other unknown tags are ignored. `yes`, `no`, `on` and `off` are Booleans, as in
 * CloudFormation. Numbers and dates that would change when printed remain strings. Aliases and merge keys (`<<`) are
 * resolved up to a limit. A duplicate key is a problem. As in PyYAML, which the AWS CLI uses, lines of flow collections and
 * quoted scalars may have any indentation.
 */
export function parseYaml(source: Source, limits: Partial<YamlLimits> = {}): Parsed[] | Problem {
  const { text } = source;
  const effectiveLimits = { ...defaultLimits, ...limits };
  if (text.length > effectiveLimits.maxLength) return tooLong(source, effectiveLimits.maxLength);
  const read = yamlEvents(text, effectiveLimits.maxDepth + 1);
  try {
    if ("error" in read) throw read.error;
    const at = (offset: number) => pointAt(source, read.originalOffset(offset));
    const documents = new Composer(read.text, read.events, effectiveLimits, at).documents();
    return documents.map((document) => parsed(source, document, read.originalOffset));
  } catch (error) {
    const deep = /^nesting exceeded/.test((error as { reason?: string }).reason ?? "");
    const failure = yamlFailure(read.text, error);
    const { offset, message, remedy } = deep
      ? tooDeepFailure(failure.offset, effectiveLimits.maxDepth)
      : failure;
    return sourceProblem(source, read.originalOffset(offset), message, remedy);
  }
}

/** Returns whether a text is too long to be parsed as YAML. */
export const isTooLongForYaml = ({ text }: Source): boolean => text.length > defaultLimits.maxLength;

const tooLong = (source: Source, limit: number): Problem =>
  sourceProblem(
    source,
    null,
    `The YAML file is longer than ${limit} characters.`,
    "Split it, or convert it to JSON, which has a higher limit.",
  );

function parsed(
  source: Source,
  { value, span, children }: YamlDocument,
  originalOffset: (offset: number) => number,
): Parsed {
  const indexes = new Map<Children, Map<string, number>>();
  const indexOf = (container: Children, part: string): number => {
    if (container.keys === null) return listIndex(part);
    const index = indexes.get(container) ?? new Map(container.keys.map((key, n) => [key, n]));
    indexes.set(container, index);
    return index.get(part) ?? -1;
  };
  return {
    source,
    value,
    locate(pointer) {
      let at: Span = span;
      let inside: Parsed["value"] | undefined = value;
      for (const part of pointerParts(pointer)) {
        const container = inside === undefined ? undefined : children.get(inside);
        const index = container === undefined ? -1 : indexOf(container, part);
        if (container === undefined || index < 0 || index * 2 >= container.spans.length) break;
        at = [container.spans[index * 2] as number, container.spans[index * 2 + 1] as number];
        inside = (inside as { [key: string]: Parsed["value"] })[part];
      }
      return rangeAt(source, originalOffset(at[0]), originalOffset(at[1]));
    },
  };
}
