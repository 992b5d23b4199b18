import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { conditionHolds, holds } from "./conditions.ts";
import { findInMapFunction } from "./mappings.ts";
import { getAttFunction, refFunction, subFunction } from "./references.ts";
import { describe, misused, newState, place, type Run, report, scalar, unknown } from "./run.ts";
import { isMap, type JsonMap, join } from "./template.ts";
import {
  base64Function,
  boundName,
  joinFunction,
  lengthFunction,
  selectFunction,
  splitFunction,
  stringNode,
  toJsonFunction,
} from "./text.ts";

type IntrinsicFunction = (run: Run, args: Json, pointer: string) => Node | undefined;

const unknownFor =
  (name: string, reason: string): IntrinsicFunction =>
  (run, args, pointer) =>
    unknown(run, pointer, reason, describe({ [name]: args }));

const conditionFunction =
  (name: string): IntrinsicFunction =>
  (run, args, pointer) =>
    scalar(run, pointer, holds(run, { [name]: args }, parentOf(pointer)));

const functions: { [name: string]: IntrinsicFunction } = {
  Ref: refFunction,
  "Fn::And": conditionFunction("Fn::And"),
  "Fn::Base64": base64Function,
  "Fn::Cidr": unknownFor("Fn::Cidr", "address ranges made at deployment"),
  "Fn::Equals": conditionFunction("Fn::Equals"),
  "Fn::FindInMap": findInMapFunction,
  "Fn::GetAZs": unknownFor("Fn::GetAZs", "set when the stack is deployed"),
  "Fn::GetAtt": getAttFunction,
  "Fn::If": ifFunction,
  "Fn::ImportValue": importFunction,
  "Fn::Join": joinFunction,
  "Fn::Length": lengthFunction,
  "Fn::Not": conditionFunction("Fn::Not"),
  "Fn::Or": conditionFunction("Fn::Or"),
  "Fn::Select": selectFunction,
  "Fn::Split": splitFunction,
  "Fn::Sub": subFunction,
  "Fn::ToJsonString": toJsonFunction,
  "Fn::Transform": unknownFor("Fn::Transform", "inserted by a transform"),
};

const parentOf = (pointer: string): string => pointer.slice(0, pointer.lastIndexOf("/"));

/** The value of an expression of the template; undefined for AWS::NoValue. Never throws. */
export function evaluate(run: Run, raw: Json, pointer: string): Node | undefined {
  if (typeof raw === "string") return stringNode(run, raw, pointer);
  if (raw === null || typeof raw !== "object") return { type: "scalar", value: raw, at: place(run, pointer) };
  if (Array.isArray(raw)) {
    const items = raw
      .map((item, i) => evaluate(run, item, join(pointer, i)))
      .filter((item) => item !== undefined);
    return { type: "list", items, at: place(run, pointer) };
  }
  const keys = Object.keys(raw);
  const name = keys.find((key) => key === "Ref" || (key.startsWith("Fn::") && !isLoop(key)));
  return name === undefined ? mapNode(run, raw, pointer) : callFunction(run, name, raw, pointer);
}

function callFunction(run: Run, name: string, raw: JsonMap, pointer: string): Node | undefined {
  // `Ref` may be an ordinary key; beside a transform there are keys that the template does not hold.
  if (Object.keys(raw).length > 1 && name === "Ref") return mapNode(run, raw, pointer);
  const expression = describe({ [name]: raw[name] as Json });
  if ("Fn::Transform" in raw) return unknown(run, pointer, "inserted by a transform", expression);
  if (Object.keys(raw).length > 1) {
    report(run, pointer, `${name} stands beside other keys.`, `Write ${name} as the only key of its map.`);
    return unknown(run, pointer, "misused function", expression);
  }
  const intrinsic = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!intrinsic) return unknown(run, pointer, "a function that is not known here", expression);
  const node = intrinsic(run, raw[name] as Json, join(pointer, name));
  // What a function makes is located where it stands; a branch of Fn::If, an item that is selected, at its own place.
  return node && node.at.pointer === join(pointer, name) ? { ...node, at: place(run, pointer) } : node;
}

function mapNode(run: Run, raw: JsonMap, pointer: string): Node {
  const entries = entriesOf(run, raw, pointer).flatMap((entry) => {
    const value = evaluate(entry.run, entry.raw, entry.pointer);
    return value ? [{ key: entry.key, value }] : [];
  });
  return { type: "map", entries, at: place(run, pointer) };
}

function ifFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const [condition, ...branches] = Array.isArray(args) ? args : [];
  if (
    condition === undefined ||
    branches.length !== 2 ||
    (typeof condition !== "string" && !isMap(condition))
  )
    return misused(run, pointer, { "Fn::If": args }, "a condition and two values");
  const result =
    typeof condition === "string"
      ? conditionHolds(run, boundName(run, condition), join(pointer, 0))
      : holds(run, condition, join(pointer, 0));
  const branch = result ? 1 : 2;
  return evaluate(run, branches[branch - 1] as Json, join(pointer, branch));
}

function importFunction(run: Run, args: Json, pointer: string): Node | undefined {
  return unknown(run, pointer, "exported by another stack", describe({ "Fn::ImportValue": args }));
}

export interface Entry {
  key: string;
  raw: Json;
  pointer: string;
  run: Run;
}

const isLoop = (key: string): boolean => key.startsWith("Fn::ForEach::");
const MAX_EXPANSIONS = 2000;

/** The entries of a map, those that Fn::ForEach makes among them. */
export function entriesOf(run: Run, raw: JsonMap, pointer: string): Entry[] {
  return Object.entries(raw).flatMap(([key, value]) =>
    isLoop(key)
      ? loopEntries(run, key, value, join(pointer, key))
      : { key: boundName(run, key), raw: value, pointer: join(pointer, key), run },
  );
}

function loopEntries(run: Run, key: string, raw: Json, pointer: string): Entry[] {
  const [variable, collection, body] = Array.isArray(raw) ? raw : [];
  if (typeof variable !== "string" || collection === undefined || !isMap(body)) {
    misused(run, pointer, { [key]: raw }, "a name, a list of values and a map");
    return [];
  }
  return loopValues(run, key, collection, join(pointer, 1)).flatMap((value) => {
    const bindings = new Map(run.bindings).set(variable, value);
    return entriesOf({ ...run, bindings }, body, join(pointer, 2));
  });
}

/** A collection that is not known stands as one value that is not known. */
function loopValues(run: Run, key: string, collection: Json, pointer: string): Node[] {
  const open = [
    unknown(run, pointer, "loop over values that are not known", key.replace("Fn::ForEach::", "")),
  ];
  if (!run.template.extensions) return open;
  // Around resources there is no run yet that could choose: what hangs on a choice is not known there.
  const scratch = run.outside ? { ...run, state: newState() } : run;
  const node = evaluate(scratch, collection, pointer);
  if (run.outside && scratch.state.decisions > 0) return open;
  if (node?.type !== "list" || !node.items.every((item) => item.type === "scalar")) return open;
  run.state.expansions += node.items.length;
  return run.state.expansions > MAX_EXPANSIONS ? open : node.items;
}
