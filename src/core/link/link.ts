import { isUnknown } from "../key-policy/pattern.ts";
import type { Alias, Document, Entity, Grant, Key, Policy, Reference, Value } from "../model/document.ts";
import facts from "../model/facts.json" with { type: "json" };
import type { Export, Part, TargetOptions } from "../model/format.ts";
import { type Candidate, describeOwner, ownerCandidates, withOwnerRelations } from "./owner.ts";

/**
 * The parts of all sources as one document: references by ARN or alias tied to their keys, the owner of each key decided,
 * every principal set in relation to it. A key that several accounts may own appears once for each, as variants.
 */
export function linkParts(parts: Part[], options: TargetOptions): Document {
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
  linkByArn(document);
  linkByExport(
    document,
    parts.flatMap((part) => part.exports ?? []),
  );
  linkByAlias(document);

  const owners = ownerCandidates(document.keys, options);
  const ids = new Map<string, string[]>();
  const keys = document.keys.flatMap((key) => {
    const candidates = owners.get(key) ?? [];
    const variants = candidates.map((candidate) =>
      withOwnerRelations(withOwnerVariant(key, candidate, candidates.length), candidate),
    );
    if (variants.length > 1)
      ids.set(
        key.id,
        variants.map((variant) => variant.id),
      );
    return variants;
  });
  const withVariantIds = (reference: Reference): Reference => ({
    ...reference,
    keys: reference.keys.flatMap((id) => ids.get(id) ?? [id]),
  });
  const ownerOf = new Map(document.keys.map((key) => [key.id, owners.get(key) ?? []]));
  return {
    ...document,
    keys: withVariantTotals(
      keys.map((key) => ({
        ...key,
        policy: withLowerBound(key.policy),
        ...(key.primary === undefined ? {} : { primary: withVariantIds(key.primary) }),
      })),
    ),
    aliases: withVariantTotals(
      document.aliases.map((alias) => ({ ...alias, target: withVariantIds(alias.target) })),
    ),
    grants: withVariantTotals(
      document.grants.map((grant) => ({
        ...withGranteeRelation(grant, ownerOf),
        key: withVariantIds(grant.key),
      })),
    ),
    identityPolicies: withVariantTotals(document.identityPolicies),
    consumers: withVariantTotals(
      document.consumers.map((consumer) => ({
        ...consumer,
        uses: consumer.uses.map((use) => ({ ...use, key: withVariantIds(use.key) })),
      })),
    ),
    shares: withVariantTotals(
      document.shares.map((share) => ({ ...share, keys: share.keys.map(withVariantIds) })),
    ),
    secrets: withVariantTotals(document.secrets),
    removals: withVariantTotals(document.removals),
  };
}

/** A policy of which a part is out of sight is larger than what is seen. */
function withLowerBound(policy: Policy): Policy {
  if (policy.size === undefined || (policy.hasUnknownStatements !== true && policy.state !== "partial"))
    return policy;
  return { ...policy, size: { ...policy.size, isLowerBound: true } };
}

/** Tells each variant how many there are of its entity. */
function withVariantTotals<E extends Entity>(entities: E[]): E[] {
  const counts = new Map<string, number>();
  for (const entity of entities) counts.set(entityGroup(entity), (counts.get(entityGroup(entity)) ?? 0) + 1);
  return entities.map((entity) =>
    entity.variant === undefined
      ? entity
      : {
          ...entity,
          variant: {
            ...entity.variant,
            total: Math.max(entity.variant.total, counts.get(entityGroup(entity)) ?? 1),
          },
        },
  );
}

/**
 * What all variants of an entity have in common: the file, and what stands in the id before the variant's name.
 * As `kms.lib.variants` has it.
 */
const entityGroup = ({ id, location: { file } }: Entity): string =>
  `${file} ${(id.startsWith(file) ? id.slice(file.length) : id).split(" [", 1)[0]}`;

/** References that name a key by its ARN, or by the id in it, which another source may hold. */
function linkByArn(document: Document): void {
  const byArn = new Map<string, string[]>();
  for (const key of document.keys) {
    if (key.arn === undefined) continue;
    for (const name of [key.arn, key.arn.slice(key.arn.indexOf("/") + 1)]) {
      byArn.set(name, [...(byArn.get(name) ?? []), key.id]);
    }
  }
  if (byArn.size === 0) return;
  for (const reference of allReferences(document)) {
    if (reference.keys.length === 0 && typeof reference.text === "string")
      reference.keys = byArn.get(reference.text) ?? [];
  }
}

/**
 * References to what another stack exports. Names of exports are unique in an account and Region: one that several
 * templates export is of stacks that live apart, and which of them is meant is not known.
 */
function linkByExport(document: Document, exports: Export[]): void {
  if (exports.length === 0) return;
  const byName = new Map<string, Set<string>>();
  for (const { importedAs, key } of exports)
    byName.set(importedAs, (byName.get(importedAs) ?? new Set()).add(key));
  for (const reference of allReferences(document)) {
    if (reference.keys.length > 0 || !isUnknown(reference.text)) continue;
    const [base, other] = byName.get(reference.text.unknown.expression) ?? [];
    if (base === undefined || other !== undefined) continue;
    reference.keys = document.keys.flatMap(({ id }) =>
      id === base || id.startsWith(`${base} [`) ? [id] : [],
    );
  }
}

/** All that name a key. */
const allReferences = (document: Document): Reference[] => [
  ...document.aliases.map((alias) => alias.target),
  ...document.keys.flatMap((key) => (key.primary === undefined ? [] : [key.primary])),
  ...aliasableReferences(document).map(({ reference }) => reference),
];

interface KeyReference {
  by: Entity;
  reference: Reference;
  region?: Value<string>;
}

/** The references of what uses keys: they may name them by an alias. */
const aliasableReferences = (document: Document): KeyReference[] => [
  ...document.grants.map((by) => ({ by, reference: by.key, region: by.region })),
  ...document.consumers.flatMap((by) =>
    by.uses.map(({ key }) => ({ by, reference: key, region: by.region })),
  ),
  ...document.shares.flatMap((by) => by.keys.map((reference) => ({ by, reference }))),
];

/** References by the name or the ARN of an alias: they are to the alias's target, where the input has the alias. */
function linkByAlias(document: Document): void {
  const byName = new Map<string, Alias[]>();
  for (const alias of document.aliases) {
    if (typeof alias.name !== "string" || alias.prefix) continue;
    const place = `${alias.scope}\n${alias.name}`;
    byName.set(place, [...(byName.get(place) ?? []), alias]);
  }
  for (const { by, reference, region } of aliasableReferences(document)) {
    if (typeof reference.text !== "string") continue;
    // The text of a hole may hold colons, as `AWS::Region` does.
    const [, inArn, name] =
      /^(?:arn:(?:⟨[^⟩]*⟩|[^:])*:kms:((?:⟨[^⟩]*⟩|[^:])*):(?:⟨[^⟩]*⟩|[^:])*:)?(alias\/.+)$/.exec(
        reference.text,
      ) ?? [];
    if (name === undefined) continue;
    reference.alias ??= name;
    if (reference.keys.length > 0) continue;
    const there = (byName.get(`${by.scope}\n${name}`) ?? []).filter((alias) =>
      mayBeSameRegion(alias.region, inArn ?? region),
    );
    const together = there.filter((alias) => variantName(alias) === variantName(by));
    const aliases = together.length > 0 ? together : there;
    reference.keys = [...new Set(aliases.flatMap((alias) => alias.target.keys))];
  }
}

const variantName = ({ variant }: Entity): string => [...(variant?.assumptions ?? [])].sort().join("\n");

/** Whether two Regions may be one: what is not known keeps nothing apart. */
const mayBeSameRegion = (one: Value<string>, other: Value<string> | undefined): boolean =>
  other === undefined || isUnknown(one) || isUnknown(other) || other.includes("⟨") || one === other;

function withOwnerVariant(key: Key, candidate: Candidate, count: number): Key {
  if (count === 1) return key;
  const owner = describeOwner(candidate);
  const when = [...(key.variant?.assumptions ?? []), `the owner is ${owner}`];
  return { ...key, id: `${key.id} [owner ${owner}]`, variant: { assumptions: when, total: 1 } };
}

function withGranteeRelation(grant: Grant, owners: Map<string, Candidate[]>): Grant {
  const candidates = grant.key.keys.flatMap((id) => owners.get(id) ?? []);
  const relations = new Set(candidates.map((candidate) => candidate.relation(grant.grantee.account)));
  const [relation] = relations;
  if (relation === undefined) return grant;
  return { ...grant, grantee: { ...grant.grantee, relation: relations.size === 1 ? relation : "unknown" } };
}
