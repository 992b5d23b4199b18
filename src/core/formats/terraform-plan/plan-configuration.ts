import type { Json } from "../../model/source.ts";
import type { AddressStep } from "./address.ts";
import { isObject, type JsonObject, jsonAt, listAt, stringAt } from "./json.ts";

/**
 * The `configuration` section of a plan: the expressions in the source, as opposed to the planned values. It identifies
 * modules without instance keys, so lookups ignore the keys of a module path.
 */
export class PlanConfiguration {
  readonly #root: Json | undefined;
  readonly #plan: Json;
  readonly #resources = new Map<Json, Map<string, JsonObject>>();

  constructor(plan: Json) {
    this.#plan = plan;
    this.#root = jsonAt(plan, "configuration", "root_module");
  }

  get present(): boolean {
    return isObject(this.#root);
  }

  module(path: AddressStep[]): JsonObject | undefined {
    let module = this.#root;
    for (const { name } of path) module = jsonAt(module, "module_calls", name, "module");
    return isObject(module) ? module : undefined;
  }

  /** Returns the call of a module. Its expressions are the values of the module's variables. */
  call(path: AddressStep[]): JsonObject | undefined {
    const last = path.at(-1);
    const call = last && jsonAt(this.module(path.slice(0, -1)), "module_calls", last.name);
    return isObject(call) ? call : undefined;
  }

  /** Returns a resource by its address in the module, such as `aws_kms_key.this` or `data.aws_region.current`. */
  resource(path: AddressStep[], address: string): JsonObject | undefined {
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

  output(path: AddressStep[], name: string): Json | undefined {
    return jsonAt(this.module(path), "outputs", name, "expression");
  }

  outputs(path: AddressStep[]): string[] {
    const outputs = jsonAt(this.module(path), "outputs");
    return isObject(outputs) ? Object.keys(outputs) : [];
  }

  provider(key: string): JsonObject | undefined {
    const provider = jsonAt(this.#plan, "configuration", "provider_config", key);
    return isObject(provider) ? provider : undefined;
  }

  providerKeys(): string[] {
    const providers = jsonAt(this.#plan, "configuration", "provider_config");
    return isObject(providers) ? Object.keys(providers) : [];
  }

  /** Returns the value of a variable of the root module, or its default. */
  rootVariable(name: string): Json | undefined {
    return jsonAt(this.#plan, "variables", name, "value") ?? this.variableDefault([], name);
  }

  isSensitive(path: AddressStep[], name: string): boolean {
    return jsonAt(this.module(path), "variables", name, "sensitive") === true;
  }

  variableDefault(path: AddressStep[], name: string): Json | undefined {
    return jsonAt(this.module(path), "variables", name, "default");
  }
}

/** Returns the references of an expression and of its nested blocks. */
export function referencesOf(expression: Json | undefined): string[] {
  if (Array.isArray(expression)) return expression.flatMap(referencesOf);
  if (!isObject(expression)) return [];
  const references = jsonAt(expression, "references");
  if (Array.isArray(references)) return references.filter((item) => typeof item === "string");
  if (Object.hasOwn(expression, "constant_value")) return [];
  return Object.values(expression).flatMap(referencesOf);
}
