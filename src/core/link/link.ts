import { isUnknown } from "../key-policy/pattern.ts";
import type { Alias, Document, Entity, Grant, Key, Policy, Reference, Value } from "../model/document.ts";
import facts from "../model/facts.json" with { type: "json" };
import type { Export, Part, TargetOptions } from "../model/format.ts";
import { addToGroup } from "../model/groups.ts";
import { describeOwner, type OwnerCandidate, ownerCandidates, withOwnerRelations } from "./owner.ts";
import { type GivenId, makeIdsUnique } from "./unique-ids.ts";
import { unseenStatements } from "./unseen.ts";

/**
 * Joins the parts of all sources to one document: resolves references by ARN, export or alias, determines the owner of
 * each key, and sets the relation of every principal to it. A key with several possible owners has a variant for each.
 */
export function linkParts(parts: Part[], options: TargetOptions): Document {
  const allKeys = parts.flatMap((part) => part.keys);
  const unseen = [...parts.flatMap((part) => part.unseen ?? []), ...unseenStatements(allKeys)];
  const document: Document = {
    version: 1,
    dataVersion: facts.dataVersion,
    keys: allKeys,
    aliases: parts.flatMap((part) => part.aliases),
    grants: parts.flatMap((part) => part.grants),
    identityPolicies: parts.flatMap((part) => part.identityPolicies),
    consumers: parts.flatMap((part) => part.consumers),
    shares: parts.flatMap((part) => part.shares),
    secrets: parts.flatMap((part) => part.secrets),
    removals: parts.flatMap((part) => part.removals),
    ...(unseen.length === 0 ? {} : { unseen }),
  };
  const givenId = makeIdsUnique(document, allReferences);
  linkByArn(document);
  linkByExport(
    document,
    parts.flatMap((part) => part.exports ?? []),
    givenId,
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

/** Marks the size of a policy with unknown statements as a lower bound. */
function withLowerBound(policy: Policy): Policy {
  if (policy.size === undefined || (policy.hasUnknownStatements !== true && policy.state !== "partial"))
    return policy;
  return { ...policy, size: { ...policy.size, isLowerBound: true } };
}

/** Sets the total of each variant. */
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
 * Returns a name that all variants of an entity share: the file, and the ID without the suffix of the variant.
 * `kms.lib.variants` in the rules uses the same definition.
 */
const entityGroup = ({ id, location: { file } }: Entity): string =>
  `${file} ${(id.startsWith(file) ? id.slice(file.length) : id).split(" [", 1)[0]}`;

/** Resolves references by key ARN or key ID. The key may be in another source. */
function linkByArn(document: Document): void {
  const byName = new Map<string, Key[]>();
  for (const key of document.keys)
    for (const name of key.arn === undefined ? [key.keyId] : [key.arn, keyIdIn(key.arn)])
      if (name !== undefined) addToGroup(byName, name, key);
  if (byName.size === 0) return;
  for (const reference of allReferences(document)) {
    const { text, keys } = reference;
    if (keys.length > 0 || typeof text !== "string") continue;
    const found = byName.get(text) ?? keysWithId(byName, text);
    reference.keys = found.map(({ id }) => id);
  }
}

const keyIdIn = (arn: string): string => arn.slice(arn.indexOf("/") + 1);

/** Returns the keys of which only the key ID is known and that an ARN can name. Replicas share a key ID. */
const keysWithId = (byName: Map<string, Key[]>, arn: string): Key[] =>
  (byName.get(keyIdIn(arn)) ?? []).filter(
    ({ keyId, region }) => keyId !== undefined && mayBeSameRegion(region, arn.split(":")[3]),
  );

/**
 * Resolves references to exports of other stacks. Export names are unique in an account and Region. If several templates
 * export the same name, their stacks are deployed to different targets, and the reference remains unresolved.
 */
function linkByExport(document: Document, exports: Export[], givenId: GivenId): void {
  if (exports.length === 0) return;
  const byName = new Map<string, Set<string>>();
  for (const { importedAs, key } of exports)
    byName.set(importedAs, (byName.get(importedAs) ?? new Set()).add(key));
  for (const reference of allReferences(document)) {
    if (reference.keys.length > 0 || !isUnknown(reference.text)) continue;
    const [base, other] = byName.get(reference.text.unknown.expression) ?? [];
    if (base === undefined || other !== undefined) continue;
    reference.keys = document.keys.flatMap(({ id }) =>
      givenId(id) === base || givenId(id).startsWith(`${base} [`) ? [id] : [],
    );
  }
}

/** Returns all references to keys. */
const allReferences = (document: Document): Reference[] => [
  ...document.aliases.map((alias) => alias.target),
  ...document.keys.flatMap((key) => (key.primary === undefined ? [] : [key.primary])),
  ...aliasableReferences(document).map(({ reference }) => reference),
];

interface KeyReference {
  referrer: Entity;
  reference: Reference;
  region?: Value<string>;
}

/** Returns the references that may use an alias: those of grants, consumers and shares. */
const aliasableReferences = (document: Document): KeyReference[] => [
  ...document.grants.map((grant) => ({ referrer: grant, reference: grant.key, region: grant.region })),
  ...document.consumers.flatMap((consumer) =>
    consumer.uses.map(({ key }) => ({ referrer: consumer, reference: key, region: consumer.region })),
  ),
  ...document.shares.flatMap((share) => share.keys.map((reference) => ({ referrer: share, reference }))),
];

/** Resolves references by alias name or alias ARN to the target of the alias, if the alias is in the document. */
function linkByAlias(document: Document): void {
  const byName = new Map<string, Alias[]>();
  for (const alias of document.aliases) {
    if (typeof alias.name !== "string" || alias.prefix) continue;
    const name = `${alias.scope}\n${alias.name}`;
    byName.set(name, [...(byName.get(name) ?? []), alias]);
  }
  for (const { referrer, reference, region } of aliasableReferences(document)) {
    if (typeof reference.text !== "string") continue;
    // An unknown part may contain colons, as in `⟨AWS::Region⟩`.
    const [, regionInArn, name] =
      /^(?:arn:(?:⟨[^⟩]*⟩|[^:⟨])*:kms:((?:⟨[^⟩]*⟩|[^:⟨])*):(?:⟨[^⟩]*⟩|[^:⟨])*:)?(alias\/.+)$/.exec(
        reference.text,
      ) ?? [];
    if (name === undefined) continue;
    reference.alias ??= name;
    if (reference.keys.length > 0) continue;
    const candidates = (byName.get(`${referrer.scope}\n${name}`) ?? []).filter((alias) =>
      mayBeSameRegion(alias.region, regionInArn ?? region),
    );
    const sameVariant = candidates.filter((alias) => variantName(alias) === variantName(referrer));
    const aliases = sameVariant.length > 0 ? sameVariant : candidates;
    reference.keys = [...new Set(aliases.flatMap((alias) => alias.target.keys))];
  }
}

const variantName = ({ variant }: Entity): string => [...(variant?.assumptions ?? [])].sort().join("\n");

/** Returns whether two Regions may be the same. An unknown Region may be any Region. */
const mayBeSameRegion = (first: Value<string>, other: Value<string> | undefined): boolean =>
  other === undefined || isUnknown(first) || isUnknown(other) || other.includes("⟨") || first === other;

function withOwnerVariant(key: Key, candidate: OwnerCandidate, count: number): Key {
  if (count === 1) return key;
  const owner = describeOwner(candidate);
  const assumptions = [...(key.variant?.assumptions ?? []), `the owner is ${owner}`];
  return { ...key, id: `${key.id} [owner ${owner}]`, variant: { assumptions, total: 1 } };
}

function withGranteeRelation(grant: Grant, owners: Map<string, OwnerCandidate[]>): Grant {
  const candidates = grant.key.keys.flatMap((id) => owners.get(id) ?? []);
  const relations = new Set(candidates.map((candidate) => candidate.relation(grant.grantee.account)));
  const [relation] = relations;
  if (relation === undefined) return grant;
  return { ...grant, grantee: { ...grant.grantee, relation: relations.size === 1 ? relation : "unknown" } };
}
