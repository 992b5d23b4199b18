import { isUnknown } from "../../key-policy/pattern.ts";
import type { Alias, Reference } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { addToGroup } from "../../model/groups.ts";
import type { AtomDecision } from "../shared/choices.ts";
import { type EntityLists, type EntityVariant, mapReferences } from "../shared/variants.ts";

/** The keys that a logical ID or alias refers to in one variant. */
interface VariantKeys {
  keys: string[];
  decisions: AtomDecision[][];
}

/**
 * Links the resources of a template to its keys. Keys, replicas, and aliases that refer to each other share variants. All
 * other resources have their own variants and are linked to the key variants that are compatible with them, so that
 * another bucket does not multiply the variants of its key.
 */
export class KeyLinks {
  readonly #byId = new Map<string, VariantKeys[]>();
  readonly #byAlias = new Map<string, VariantKeys[]>();
  readonly #options: TargetOptions;

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /** Adds a variant of keys and aliases. Returns its entities; references to outside the variant are dropped. */
  add({ entities, decisions, rename }: EntityVariant): EntityLists {
    const ids = new Set(entities.keys.map(({ id }) => id));
    const linked = mapReferences(entities, (reference) => ({
      ...reference,
      keys: reference.keys.map(rename).filter((id) => ids.has(id)),
    }));
    for (const key of linked.keys)
      addToGroup(this.#byId, idInTemplate(key.id, rename), { keys: [key.id], decisions });
    for (const alias of linked.aliases) {
      const found = { keys: alias.target.keys, decisions };
      addToGroup(this.#byId, idInTemplate(alias.id, rename), found);
      const name = nameOf(alias);
      if (name !== undefined) addToGroup(this.#byAlias, name, found);
    }
    return linked;
  }

  /** Returns the entities of another resource's variant, with references to compatible key variants. */
  linkToKeys({ entities, decisions }: EntityVariant): EntityLists {
    return mapReferences(entities, (reference) => this.#tied(reference, decisions));
  }

  #tied(reference: Reference, decisions: AtomDecision[][]): Reference {
    const keysById = reference.keys.flatMap((id) => this.#byId.get(id) ?? []);
    const found =
      reference.keys.length === 0 && reference.alias !== undefined && isInThisStack(reference, this.#options)
        ? (this.#byAlias.get(reference.alias) ?? [])
        : keysById;
    const compatible = found.filter((candidate) => areCompatible(candidate.decisions, decisions));
    // If not all assignments were tried, it is possible that no candidate is compatible.
    const keys = (compatible.length > 0 ? compatible : found).flatMap((candidate) => candidate.keys);
    return { ...reference, keys: [...new Set(keys)] };
  }
}

/** Returns the ID without the variant's suffix. */
const idInTemplate = (id: string, rename: (id: string) => string): string =>
  id.slice(0, id.length - rename("").length);

/** Partially known names are equal if their known parts and their expressions are equal. */
const nameOf = ({ name }: Alias): string | undefined => {
  if (name === null || typeof name === "string") return name ?? undefined;
  return isUnknown(name) ? undefined : name.text;
};

/** Returns whether an alias reference is a name, or an ARN with the stack's own account and Region. */
function isInThisStack({ text }: Reference, { region = "", account = "" }: TargetOptions): boolean {
  const written = isUnknown(text) ? text.unknown.expression : text;
  if (!written.startsWith("arn:")) return !written.startsWith("⟨");
  const resolved = written
    .replace("⟨AWS::Region⟩", region)
    .replace("⟨AWS::AccountId⟩", account)
    .replaceAll(/⟨[^⟨⟩]*⟩/g, "⟨⟩");
  return resolved.split(":").slice(3, 5).join(":") === `${region}:${account}`;
}

const MAX_COMPARISONS = 4096;

/** Returns whether two variants have assignments that don't contradict each other. */
function areCompatible(first: AtomDecision[][], second: AtomDecision[][]): boolean {
  if (first.length * second.length > MAX_COMPARISONS) return true;
  const maps = second.map((decisions) => new Map(decisions.map(({ atom, choice }) => [atom.id, choice])));
  return first.some((decisions) =>
    maps.some((map) => decisions.every(({ atom, choice }) => (map.get(atom.id) ?? choice) === choice)),
  );
}
