import type { Json } from "../../model/source.ts";
import { at, isObject, type JsonObject, listAt, stringAt } from "./json.ts";
import type { Step } from "./traversal.ts";

/**
 * The `configuration` section: what is written, as against what comes out. Nothing of it is walked before it is
 * asked for. Modules are named without instance keys.
 */
export class Configuration {
  readonly #root: Json | undefined;
  readonly #plan: Json;
  readonly #resources = new Map<Json, Map<string, JsonObject>>();

  constructor(plan: Json) {
    this.#plan = plan;
    this.#root = at(plan, "configuration", "root_module");
  }

  get present(): boolean {
    return isObject(this.#root);
  }

  module(path: Step[]): JsonObject | undefined {
    let module = this.#root;
    for (const { name } of path) module = at(module, "module_calls", name, "module");
    return isObject(module) ? module : undefined;
  }

  /** The call that makes a module: its expressions are the module's variables. */
  call(path: Step[]): JsonObject | undefined {
    const last = path.at(-1);
    const call = last && at(this.module(path.slice(0, -1)), "module_calls", last.name);
    return isObject(call) ? call : undefined;
  }

  /** A resource by its address inside its module, without instance key: `aws_kms_key.this`, `data.aws_region.here`. */
  resource(path: Step[], address: string): JsonObject | undefined {
    const module = this.module(path);
    if (module === undefined) return undefined;
    let byAddress = this.#resources.get(module);
    if (byAddress === undefined) {
      byAddress = new Map();
      for (const resource of listAt(module, "resources")) {
        const name = stringAt(resource, "address");
        if (isObject(resource) && name !== undefined) byAddress.set(name, resource);
      }
      this.#resources.set(module, byAddress);
    }
    return byAddress.get(address);
  }

  output(path: Step[], name: string): Json | undefined {
    return at(this.module(path), "outputs", name, "expression");
  }

  outputs(path: Step[]): string[] {
    const outputs = at(this.module(path), "outputs");
    return isObject(outputs) ? Object.keys(outputs) : [];
  }

  provider(key: string): JsonObject | undefined {
    const provider = at(this.#plan, "configuration", "provider_config", key);
    return isObject(provider) ? provider : undefined;
  }

  /** The value of a root variable: as given, or its default. */
  rootVariable(name: string): Json | undefined {
    return at(this.#plan, "variables", name, "value") ?? this.variableDefault([], name);
  }

  isSensitive(path: Step[], name: string): boolean {
    return at(this.module(path), "variables", name, "sensitive") === true;
  }

  variableDefault(path: Step[], name: string): Json | undefined {
    return at(this.module(path), "variables", name, "default");
  }
}

/** The references of an expression, and of the blocks nested in it. */
export function referencesOf(expression: Json | undefined): string[] {
  if (Array.isArray(expression)) return expression.flatMap(referencesOf);
  if (!isObject(expression)) return [];
  const references = at(expression, "references");
  if (Array.isArray(references)) return references.filter((item) => typeof item === "string");
  if (Object.hasOwn(expression, "constant_value")) return [];
  return Object.values(expression).flatMap(referencesOf);
}
