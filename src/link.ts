import facts from "./model/facts.json" with { type: "json" };
import type { Alias, Document, Entity, Grant, Key, Reference } from "./model/document.ts";
import type { Options, Part } from "./model/format.ts";
import { type Candidate, candidatesOf, describe, relate } from "./owner.ts";

/**
 * The parts of all sources as one document: references by ARN tied to their keys, the owner of each scope decided,
 * every principal set in relation to it. Where several accounts may be the owner, the scope's entities appear once
 * for each, as variants.
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
  };
  tieByArn(document);

  const scopes = new Map<string, Key[]>();
  for (const key of document.keys) scopes.set(key.scope, [...(scopes.get(key.scope) ?? []), key]);
  const decided = new Map([...scopes].map(([scope, keys]) => [scope, candidatesOf(keys, options)]));
  const spread = <T extends Entity>(entities: T[], adapt: (entity: T, candidate: Candidate | undefined) => T): T[] =>
    entities.flatMap((entity) => {
      const candidates = decided.get(entity.scope) ?? [];
      if (candidates.length < 2) return [adapt(entity, candidates[0])];
      return candidates.map((candidate) => adapt(inVariant(entity, candidate), candidate));
    });
  const plain = <T extends Entity>(entity: T): T => entity;

  return {
    ...document,
    keys: spread(document.keys, (key, candidate) => withOwner(key, candidate)),
    aliases: spread(document.aliases, (alias, candidate) => retie(alias, candidate, decided)),
    grants: spread(document.grants, (grant, candidate) => retie(withGrantee(grant, candidate), candidate, decided)),
    identityPolicies: spread(document.identityPolicies, plain),
    consumers: spread(document.consumers, plain),
    shares: spread(document.shares, plain),
  };

  function withOwner(key: Key, candidate: Candidate | undefined): Key {
    const owned = relate(key, candidate);
    return owned.primary === undefined || (decided.get(key.scope)?.length ?? 0) < 2 || candidate === undefined
      ? owned
      : { ...owned, primary: moved(owned.primary, candidate) };
  }
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

const idIn = (id: string, candidate: Candidate): string => `${id} [owner ${describe(candidate)}]`;

function inVariant<T extends Entity>(entity: T, candidate: Candidate): T {
  const when = [...(entity.variant?.when ?? []), `the owner is ${describe(candidate)}`];
  return { ...entity, id: idIn(entity.id, candidate), variant: { when } };
}

const moved = (reference: Reference, candidate: Candidate): Reference => ({
  ...reference,
  keys: reference.keys.map((id) => idIn(id, candidate)),
});

/** The same links inside the variant. */
function retie<T extends Alias | Grant>(
  entity: T,
  candidate: Candidate | undefined,
  decided: Map<string, Candidate[]>,
): T {
  if (candidate === undefined || (decided.get(entity.scope)?.length ?? 0) < 2) return entity;
  return "target" in entity
    ? { ...entity, target: moved(entity.target, candidate) }
    : { ...entity, key: moved(entity.key, candidate) };
}

function withGrantee(grant: Grant, candidate: Candidate | undefined): Grant {
  const relation = candidate?.relation(grant.grantee.account);
  return relation === undefined ? grant : { ...grant, grantee: { ...grant.grantee, relation } };
}
