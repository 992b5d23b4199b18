import { emptyPart, type Format, type Options, type Part } from "../../model/format.ts";
import type { Place } from "../../model/node.ts";
import type { Json, Parsed, Source } from "../../model/source.ts";
import { evaluate } from "../cloudformation/evaluate.ts";
import { newState, type Run } from "../cloudformation/run.ts";
import { readTemplate } from "../cloudformation/template.ts";
import { variantsOf } from "../cloudformation/variants.ts";
import { withHoles } from "./holes.ts";
import { keyOfPolicy } from "./key.ts";
import { isAboutKeys, policyPlace, statementsOf } from "./shape.ts";

const RESOURCE = "<policy>";

/**
 * Key policies by themselves: as the console shows them, as `aws kms get-key-policy` prints them, single statements
 * and lists of them, with CloudFormation's functions and with placeholders that another tool fills in.
 * In a folder only what is about KMS counts; whoever names a file says that it is a key policy.
 */
export const policy: Format = {
  name: "policy",
  detect(value, source) {
    const place = policyPlace({ source, value, locate: () => nowhere });
    const statements = statementsOf(valueAt(place));
    return statements !== null && (source.named === true || isAboutKeys(statements, speaksOfKeys(source)));
  },
  normalize,
};

const speaksOfKeys = ({ path, text }: Source): boolean => /kms/i.test(text) || /kms|key.?policy/i.test(path);

const point = { line: 1, column: 1, offset: 0 };
const nowhere = { start: point, end: point };

/** The value that a place of `policyPlace` stands for. */
function valueAt({ parsed, pointer }: Place): Json {
  const { value } = parsed;
  const isOuter =
    pointer.endsWith("/Policy") && typeof value === "object" && value !== null && "Policy" in value;
  return isOuter ? (value as { Policy: Json }).Policy : value;
}

function normalize(parsed: Parsed, options: Options): Part {
  const base = runFor(parsed, options);
  const place = policyPlace(parsed);
  const run = { ...base, template: { ...base.template, parsed: place.parsed } };
  const resource = { id: RESOURCE, type: "policy", raw: {}, pointer: "", bindings: new Map() };
  const variants = variantsOf([resource], run, (current) => {
    const node = evaluate(current, valueAt(place), place.pointer);
    return { keys: [keyOfPolicy(parsed, node && withHoles(node), { resource: RESOURCE }, options)] };
  });
  const keys = variants.flatMap(({ entities }) => entities.keys);
  return { ...emptyPart(), keys, problems: [...run.template.problems.values()] };
}

/** CloudFormation's evaluation, of a text that is no template: what its functions refer to is elsewhere. */
function runFor(parsed: Parsed, options: Options): Run {
  return {
    template: { ...readTemplate({ ...parsed, value: {} }), transformed: true },
    options,
    bindings: new Map(),
    evaluate,
    resources: new Map(),
    conditions: new Map(),
    compared: new Map(),
    choose: () => 0,
    outside: false,
    state: newState(),
  };
}
