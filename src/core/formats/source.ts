import {
  emptyPart,
  type Format,
  type Part,
  type TargetByPath,
  type TargetOptions,
  targetAt,
  withOwner,
} from "../model/format.ts";
import type { Parsed, Problem, Source, UnseenPart } from "../model/source.ts";
import { OverBudget, resetBudget } from "../parse/budget.ts";
import { certainlyConcernsKms, mayConcernKms } from "../parse/kms-content.ts";
import { internalError, isProblem } from "../parse/problem.ts";
import { isTooLongForYaml } from "../parse/yaml.ts";
import { FormatError } from "./custom.ts";
import { formatOf, parse } from "./index.ts";
import { formatWithoutContent } from "./recognize.ts";

/** A source with its parsed values, or with the problem that prevents parsing. */
export interface ParsedSource {
  source: Source;
  values: Parsed[];
  problem?: Problem;
  /** The source may concern KMS, and was not parsed. */
  unseen?: UnseenPart;
}

/** The part that a format created from one value of a source. */
export interface NormalizedSource {
  source: Source;
  part: Part;
  /** The name of the format; absent if the source cannot be parsed. */
  format?: string;
  parsed?: Parsed;
}

/**
 * Returns the values of a source. For a file that was found in a directory and is not about KMS, returns only
 * the values that a custom format recognizes. Never throws.
 */
export function parseSource(source: Source, custom: Format[] = []): ParsedSource {
  try {
    const isIrrelevant = source.named !== true && !mayConcernKms(source);
    if (isIrrelevant && custom.length === 0) return { source, values: [] };
    const values = parse(source);
    if (!isProblem(values)) {
      const isCustom = ({ value }: Parsed) => custom.some((format) => format.detect(value, source));
      return { source, values: isIrrelevant ? values.filter(isCustom) : values };
    }
    const isReported = source.named === true || certainlyConcernsKms(source);
    if (isReported) return { source, values: [], problem: values };
    return {
      source,
      values: [],
      ...(isTooLongForYaml(source) ? { unseen: unseenFile(source, values) } : {}),
    };
  } catch (error) {
    return { source, values: [], problem: exceptionIn(source, error) };
  }
}

export interface NormalizedValues {
  /** The non-empty parts. */
  parts: NormalizedSource[];
  /** The formats of all values that have one, also of those without KMS content. */
  formats: string[];
}

/** Returns the parts of a source. `referable`: all values that references can resolve to. Never throws. */
export function normalizeSource(
  { source, values, problem, unseen }: ParsedSource,
  options: TargetOptions & TargetByPath,
  referable: Parsed[],
  custom: Format[] = [],
): NormalizedValues {
  const withoutFormat = (part: Part) => ({ parts: [{ source, part }], formats: [] });
  const failed = (found: Problem) => withoutFormat({ ...emptyPart(), problems: [found] });
  if (problem !== undefined) return failed(problem);
  if (unseen !== undefined) return withoutFormat({ ...emptyPart(), unseen: [unseen] });
  try {
    resetBudget(source);
    const target = targetAt(options, source.path);
    const formats: string[] = [];
    const parts = values.flatMap((parsed) => {
      const format = formatOf(parsed, custom);
      const name = format?.name ?? formatWithoutContent(parsed.value);
      if (name !== undefined) formats.push(name);
      if (format === undefined) return [];
      const part = withOwner(format.normalize(parsed, target, referable), target);
      if (isEmptyPart(part)) return [];
      return [{ source, part, format: format.name, parsed }];
    });
    return { parts, formats };
  } catch (error) {
    return failed(exceptionIn(source, error));
  }
}

/** Returns whether a part has nothing to check or to report. */
const isEmptyPart = ({ sensitive: _, ...lists }: Part): boolean =>
  Object.values(lists).every((list) => list.length === 0);

const unseenFile = ({ path }: Source, { message, remedy }: Problem): UnseenPart => ({
  kind: "file",
  file: path,
  subject: path,
  message: `The file mentions KMS and was not checked: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
  remedy,
});

const exceptionIn = ({ path }: Source, error: unknown): Problem =>
  error instanceof OverBudget
    ? error.problem
    : error instanceof FormatError
      ? error.problemIn(path)
      : internalError(path, error);
