import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import type { CloudFormationTemplate, JsonMap } from "./template.ts";

const references = new WeakMap<CloudFormationTemplate["noEcho"], WeakMap<object, boolean>>();

/** Returns whether an expression contains the name of a `NoEcho` parameter, in a Ref or in the string of Fn::Sub. */
export function refersToNoEcho({ noEcho }: CloudFormationTemplate, raw: Json): boolean {
  if (noEcho.size === 0) return false;
  const known = references.get(noEcho) ?? new WeakMap<object, boolean>();
  references.set(noEcho, known);
  return refers(raw, noEcho, known);
}

function refers(raw: Json, names: ReadonlySet<string>, known: WeakMap<object, boolean>): boolean {
  if (typeof raw === "string")
    return (
      names.has(raw) || [...raw.matchAll(/\$\{([^{}!]+)\}/g)].some(([, name = ""]) => names.has(name.trim()))
    );
  if (typeof raw !== "object" || raw === null) return false;
  const cached = known.get(raw);
  if (cached !== undefined) return cached;
  const found = Object.values(raw).some((item) => refers(item, names, known));
  known.set(raw, found);
  return found;
}

/**
 * Records the value of a function that refers to a `NoEcho` parameter, because it reveals the parameter. A function that
 * selects one of several values as written adds nothing to what its arguments record.
 */
export function recordSensitive(
  template: CloudFormationTemplate,
  raw: JsonMap,
  node: Node | undefined,
): void {
  const select = raw["Fn::Select"];
  const selects = "Fn::If" in raw || (Array.isArray(select) && Array.isArray(select[1]));
  if (node === undefined || selects || !refersToNoEcho(template, raw)) return;
  const { pointer } = node.at;
  const texts = template.sensitiveValues.get(pointer) ?? new Set();
  for (const text of textsOf(node)) texts.add(text);
  template.sensitiveValues.set(pointer, texts);
}

/** The known parts of a partly unknown string can be public, and the value of the parameter itself is recorded. */
function textsOf(node: Node): string[] {
  if (node.type === "scalar") return typeof node.value === "boolean" ? [] : [String(node.value ?? "")];
  if (node.type === "list") return node.items.flatMap(textsOf);
  if (node.type === "map") return node.entries.flatMap(({ value }) => textsOf(value));
  return [];
}
