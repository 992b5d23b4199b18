import { isUnknown } from "../../key-policy/pattern.ts";
import type { Alias, Reference } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import type { Decision } from "../shared/choices.ts";
import { type AllEntities, relink, type Variant } from "../shared/variants.ts";

/** A key, or the keys of an alias, in one variant. */
interface Found {
  keys: string[];
  decisions: Decision[][];
}

/**
 * The keys and aliases of a template, as what stands beside them finds them. Keys, replicas and aliases that refer to
 * one another have their variants in common; all else has variants of its own, and is tied to the variants of a key
 * that can be there at the same time: so one more bucket makes no more variants of its key.
 */
export class Links {
  readonly #byId = new Map<string, Found[]>();
  readonly #byAlias = new Map<string, Found[]>();
  readonly #options: TargetOptions;

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  /** The entities of a variant with the links between them; links that lead out of it are dropped. */
  add({ entities, decisions, rename }: Variant): AllEntities {
    const ids = new Set(entities.keys.map(({ id }) => id));
    const linked = relink(entities, (reference) => ({
      ...reference,
      keys: reference.keys.map(rename).filter((id) => ids.has(id)),
    }));
    for (const key of linked.keys) put(this.#byId, plain(key.id, rename), { keys: [key.id], decisions });
    for (const alias of linked.aliases) {
      const found = { keys: alias.target.keys, decisions };
      put(this.#byId, plain(alias.id, rename), found);
      const name = nameOf(alias);
      if (name !== undefined) put(this.#byAlias, name, found);
    }
    return linked;
  }

  /** The entities of a variant of something else, with their links to the keys. */
  tie({ entities, decisions }: Variant): AllEntities {
    return relink(entities, (reference) => this.#tied(reference, decisions));
  }

  #tied(reference: Reference, decisions: Decision[][]): Reference {
    const named = reference.keys.flatMap((id) => this.#byId.get(id) ?? []);
    const found =
      reference.keys.length === 0 && reference.alias !== undefined && isOfThisStack(reference, this.#options)
        ? (this.#byAlias.get(reference.alias) ?? [])
        : named;
    const fitting = found.filter((one) => canBeTogether(one.decisions, decisions));
    // Where not every assignment was tried, those that were may all differ.
    const keys = (fitting.length > 0 ? fitting : found).flatMap((one) => one.keys);
    return { ...reference, keys: [...new Set(keys)] };
  }
}

function put(map: Map<string, Found[]>, name: string, found: Found): void {
  const list = map.get(name);
  if (list) list.push(found);
  else map.set(name, [found]);
}

/** The id in the template: a variant's name stands behind it. */
const plain = (id: string, rename: (id: string) => string): string =>
  id.slice(0, id.length - rename("").length);

/** A name of which parts are unknown is the same where the same parts are. */
const nameOf = ({ name }: Alias): string | undefined => {
  if (name === null || typeof name === "string") return name ?? undefined;
  return isUnknown(name) ? undefined : name.text;
};

/** By its name alone, or by an ARN with the stack's own account and Region. */
function isOfThisStack({ text }: Reference, { region = "", account = "" }: TargetOptions): boolean {
  const written = isUnknown(text) ? text.unknown.expression : text;
  if (!written.startsWith("arn:")) return !written.startsWith("⟨");
  const plain = written
    .replace("⟨AWS::Region⟩", region)
    .replace("⟨AWS::AccountId⟩", account)
    .replaceAll(/⟨[^⟨⟩]*⟩/g, "⟨⟩");
  return plain.split(":").slice(3, 5).join(":") === `${region}:${account}`;
}

const LIMIT = 4096;

/** Whether some assignment of the one and some of the other decide nothing differently. */
function canBeTogether(some: Decision[][], others: Decision[][]): boolean {
  if (some.length * others.length > LIMIT) return true;
  const maps = others.map((decisions) => new Map(decisions.map(({ atom, choice }) => [atom.id, choice])));
  return some.some((decisions) =>
    maps.some((map) => decisions.every(({ atom, choice }) => (map.get(atom.id) ?? choice) === choice)),
  );
}
