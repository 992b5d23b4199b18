import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { SourcePointer } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { type EvaluationContext, newEvaluationState } from "../cloudformation/context.ts";
import { evaluate } from "../cloudformation/evaluate.ts";
import { readTemplate } from "../cloudformation/template.ts";
import { variantsOf } from "../cloudformation/variants.ts";
import { keyOfPolicy } from "./key.ts";
import { isKeyPolicy } from "./recognize.ts";
import { findPolicy } from "./shape.ts";
import { parsePlaceholders } from "./unknown-parts.ts";

const RESOURCE = "<policy>";

/**
 * Standalone key policies: documents as in the AWS console, output of `aws kms get-key-policy`, single statements, and
 * lists of statements. They may contain CloudFormation intrinsic functions and placeholders for other tools. A file
 * found in a directory counts only if it is a key policy and not another policy.
 */
export const keyPolicy: Format = {
  name: "policy",
  detect(value, source) {
    const position = findPolicy({ source, value, locate: () => unusedRange });
    return isKeyPolicy(valueAt(position), source);
  },
  normalize,
};

const point = { line: 1, column: 1, offset: 0 };
const unusedRange = { start: point, end: point };

/** Returns the value at a position that `findPolicy` returns. */
function valueAt({ parsed, pointer }: SourcePointer): Json {
  const { value } = parsed;
  const isOuter =
    pointer.endsWith("/Policy") && typeof value === "object" && value !== null && "Policy" in value;
  return isOuter ? (value as { Policy: Json }).Policy : value;
}

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const base = standaloneContext(parsed, options);
  const position = findPolicy(parsed);
  const context = { ...base, template: { ...base.template, parsed: position.parsed } };
  const resource = { id: RESOURCE, type: "policy", raw: {}, pointer: "", bindings: new Map() };
  const variants = variantsOf([resource], context, (current) => {
    const node = evaluate(current, valueAt(position), position.pointer);
    return { keys: [keyOfPolicy(parsed, node && parsePlaceholders(node), { resource: RESOURCE }, options)] };
  });
  const keys = variants.flatMap(({ entities }) => entities.keys);
  return { ...emptyPart(), keys, problems: [...context.template.problems.values()] };
}

/** Returns a CloudFormation evaluation context without a template: all references are unknown. */
function standaloneContext(parsed: Parsed, options: TargetOptions): EvaluationContext {
  return {
    template: { ...readTemplate({ ...parsed, value: {} }), transformed: true },
    options,
    bindings: new Map(),
    evaluate,
    resources: new Map(),
    conditions: new Map(),
    comparedLiterals: new Map(),
    choose: () => 0,
    beforeChoices: false,
    state: newEvaluationState(),
  };
}
