import type { Node, UnknownPart } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { conditionHolds } from "./conditions.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  invalidArguments,
  type TemplateResource,
  unknownNode,
} from "./context.ts";
import { parameterNode } from "./parameters.ts";
import { pseudoNode } from "./pseudo.ts";
import { getAttKind, type ReferenceKind, refKind } from "./reference-kinds.ts";
import {
  bindName,
  bindTemplateString,
  placeholdersIn,
  type StringParts,
  stringFromParts,
  stringParts,
} from "./strings.ts";
import { isMap, joinPointer } from "./template.ts";

const AFTER_DEPLOYMENT = "known only after deployment";

/** Names of the account that org-formation deploys a template to. */
const ownAccounts = ["AWSAccount", "CurrentAccount"];

/** Evaluates Ref of a loop variable, parameter, pseudo parameter, or resource. */
export function refFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  if (typeof args !== "string")
    return invalidArguments(context, pointer, { Ref: args }, "the name of a parameter or resource");
  const at = pointer.replace(/\/Ref$/, "");
  const binding = context.bindings.get(args);
  if (binding) return { ...binding, at: { parsed: context.template.parsed, pointer: at } };
  const name = bindName(context, args);
  if (context.template.parameters.has(name)) return parameterNode(context, name, at);
  const pseudo = pseudoNode(context, name, at);
  if (pseudo !== null) return pseudo;
  const resource = context.resources.get(name);
  if (!resource) return notInTemplate(context, name, pointer);
  checkCreated(context, resource);
  return (
    aliasName(context, resource) ??
    unknownNode(context, at, AFTER_DEPLOYMENT, name, { ...refKind(resource.type), resource: name })
  );
}

/** Evaluates Fn::GetAtt. */
export function getAttFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const [first, ...rest] = typeof args === "string" ? splitOnce(args) : Array.isArray(args) ? args : [];
  const text = (raw: Json | undefined, i: number) => {
    if (raw === undefined) return undefined;
    const node = evaluateValue(context, raw, joinPointer(pointer, i));
    return node?.type === "scalar" ? String(node.value) : node ? describeExpression(raw) : undefined;
  };
  const name = typeof first === "string" ? bindName(context, first) : text(first, 0);
  const attribute = rest.map((part, i) => text(part, i + 1)).join(".");
  if (name === undefined || attribute === "")
    return invalidArguments(context, pointer, { "Fn::GetAtt": args }, "a resource and one of its attributes");
  const at = pointer.replace(/\/Fn::GetAtt$/, "");
  const expression = `${name}.${attribute}`;
  const resource = context.resources.get(name);
  if (resource) {
    checkCreated(context, resource);
    const kind = getAttKind(resource.type, attribute);
    return unknownNode(context, at, AFTER_DEPLOYMENT, expression, { ...kind, resource: name });
  }
  // SAM creates a role for every function without one.
  const base = context.resources.get(name.replace(/Role$/, ""));
  if (context.template.serverless && name.endsWith("Role") && base?.type === "AWS::Serverless::Function")
    return unknownNode(
      context,
      at,
      AFTER_DEPLOYMENT,
      expression,
      attribute === "Arn" ? { type: "role-arn", self: true } : {},
    );
  return notInTemplate(context, expression, pointer);
}

function splitOnce(text: string): string[] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** A reference to a name that is not in the template is unknown: another step may merge templates. */
function notInTemplate(context: EvaluationContext, expression: string, pointer: string): Node {
  const [name = "", attribute = "AccountId"] = expression.split(".");
  const isAccount = context.template.namesAccounts && attribute === "AccountId";
  const kind: ReferenceKind = isAccount ? { type: "account-id", self: ownAccounts.includes(name) } : {};
  return unknownNode(context, pointer, "not in this template", expression, kind);
}

/** A reference to a KMS resource that is not created makes the assignment undeployable. */
function checkCreated(context: EvaluationContext, { type, raw, pointer, bindings }: TemplateResource): void {
  if (!type.startsWith("AWS::KMS::") || typeof raw.Condition !== "string") return;
  if (!conditionHolds({ ...context, bindings }, raw.Condition, joinPointer(pointer, "Condition")))
    context.state.undeployable = true;
}

/** Returns the value of Ref for an alias, which is its name. Names that refer to other aliases are not resolved. */
function aliasName(
  context: EvaluationContext,
  { id, type, raw, pointer, bindings }: TemplateResource,
): Node | undefined {
  const name = isMap(raw.Properties) ? raw.Properties.AliasName : undefined;
  const { visiting } = context.state;
  if (type !== "AWS::KMS::Alias" || name === undefined || visiting.size > 0) return undefined;
  visiting.add(id);
  const node = evaluateValue({ ...context, bindings }, name, `${pointer}/Properties/AliasName`);
  visiting.delete(id);
  return node?.type === "scalar" || node?.type === "text" ? node : undefined;
}

/** Evaluates Fn::Sub, with or without a map of variables. */
export function subFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const pair = Array.isArray(args) && args.length === 2;
  const text = pair ? args[0] : args;
  const names = pair ? args[1] : {};
  if (typeof text !== "string" || !isMap(names))
    return invalidArguments(
      context,
      pointer,
      { "Fn::Sub": args },
      "a string, or a list of a string and a map of variables",
    );
  const at = pointer.replace(/\/Fn::Sub$/, "");
  const variablesPointer = `${pointer}/1`;
  // A template string may name the same variable many times.
  const values = new Map<string, StringParts>();
  const substituted = (piece: string): (string | UnknownPart)[] => {
    const name = /^\$\{([^{}]*)\}$/.exec(piece)?.[1]?.trim();
    if (name === undefined) return [bindName(context, piece)];
    if (name.startsWith("!")) return [`\${${name.slice(1)}}`];
    const known = values.get(name) ?? stringParts(valueOf(name), name);
    values.set(name, known);
    return known;
  };
  const valueOf = (name: string): Node | undefined => {
    if (Object.hasOwn(names, name))
      return evaluateValue(context, names[name] as Json, joinPointer(variablesPointer, name));
    return name.includes(".") ? getAttFunction(context, name, at) : refFunction(context, name, at);
  };
  const parts = placeholdersIn(context, bindTemplateString(context, text), names).flatMap((part) =>
    typeof part === "string" ? part.split(/(\$\{[^{}]*\})/).flatMap(substituted) : [part],
  );
  return stringFromParts(context, parts, at);
}
