import type { Document, Entity, Grant, Key, Reference } from "./model/document.ts";
import facts from "./model/facts.json" with { type: "json" };
import type { Options, Part } from "./model/format.ts";
import { type Candidate, describe, ownersOf, relate } from "./owner.ts";

/**
 * The parts of all sources as one document: references by ARN tied to their keys, the owner of each key decided,
 * every principal set in relation to it. A key that several accounts may own appears once for each, as variants.
 */
export function link(parts: Part[], options: Options): Document {
  const document: Document = {
    version: 1,
    dataVersion: facts.dataVersion,
    keys: parts.flatMap((part) => part.keys),
    aliases: parts.flatMap((part) => part.aliases),
    grants: parts.flatMap((part) => part.grants),
    identityPolicies: parts.flatMap((part) => part.identityPolicies),
    consumers: parts.flatMap((part) => part.consumers),
    shares: parts.flatMap((part) => part.shares),
    secrets: parts.flatMap((part) => part.secrets),
    removals: parts.flatMap((part) => part.removals),
  };
  tieByArn(document);

  const owners = ownersOf(document.keys, options);
  const ids = new Map<string, string[]>();
  const keys = document.keys.flatMap((key) => {
    const candidates = owners.get(key) ?? [];
    const variants = candidates.map((candidate) =>
      relate(inVariant(key, candidate, candidates.length), candidate),
    );
    if (variants.length > 1)
      ids.set(
        key.id,
        variants.map((variant) => variant.id),
      );
    return variants;
  });
  const tied = (reference: Reference): Reference => ({
    ...reference,
    keys: reference.keys.flatMap((id) => ids.get(id) ?? [id]),
  });
  const ownerOf = new Map(document.keys.map((key) => [key.id, owners.get(key) ?? []]));
  return {
    ...document,
    keys: counted(
      keys.map((key) => (key.primary === undefined ? key : { ...key, primary: tied(key.primary) })),
    ),
    aliases: counted(document.aliases.map((alias) => ({ ...alias, target: tied(alias.target) }))),
    grants: counted(
      document.grants.map((grant) => ({ ...withGrantee(grant, ownerOf), key: tied(grant.key) })),
    ),
  };
}

/** Tells each variant how many there are of its resource. */
function counted<E extends Entity>(entities: E[]): E[] {
  const resourceOf = ({ location, resource }: E): string => `${location.file}#${resource}`;
  const counts = new Map<string, number>();
  for (const entity of entities) counts.set(resourceOf(entity), (counts.get(resourceOf(entity)) ?? 0) + 1);
  return entities.map((entity) =>
    entity.variant === undefined
      ? entity
      : { ...entity, variant: { ...entity.variant, of: counts.get(resourceOf(entity)) ?? 1 } },
  );
}

/** References that name a key by its ARN, or by the id in it, which another source may hold. */
function tieByArn(document: Document): void {
  const byArn = new Map<string, string[]>();
  for (const key of document.keys) {
    if (key.arn === undefined) continue;
    for (const name of [key.arn, key.arn.slice(key.arn.indexOf("/") + 1)]) {
      byArn.set(name, [...(byArn.get(name) ?? []), key.id]);
    }
  }
  if (byArn.size === 0) return;
  const references = [
    ...document.aliases.map((alias) => alias.target),
    ...document.grants.map((grant) => grant.key),
    ...document.keys.flatMap((key) => (key.primary === undefined ? [] : [key.primary])),
  ];
  for (const reference of references) {
    if (reference.keys.length === 0 && typeof reference.text === "string")
      reference.keys = byArn.get(reference.text) ?? [];
  }
}

function inVariant(key: Key, candidate: Candidate, count: number): Key {
  if (count === 1) return key;
  const owner = describe(candidate);
  const when = [...(key.variant?.when ?? []), `the owner is ${owner}`];
  return { ...key, id: `${key.id} [owner ${owner}]`, variant: { when, of: 1 } };
}

function withGrantee(grant: Grant, owners: Map<string, Candidate[]>): Grant {
  const candidates = grant.key.keys.flatMap((id) => owners.get(id) ?? []);
  const relations = new Set(candidates.map((candidate) => candidate.relation(grant.grantee.account)));
  const [relation] = relations;
  if (relation === undefined) return grant;
  return { ...grant, grantee: { ...grant.grantee, relation: relations.size === 1 ? relation : "unknown" } };
}
