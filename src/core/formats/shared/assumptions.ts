import type { AtomDecision } from "./choices.ts";

/** The value that one assignment gives to a subject. */
type Fact = { is: string | boolean } | { not: string[] };

/**
 * Describes groups of assignments, one group for each outcome: `Env is "prod"`, `IsProd is false`, `Env is none of
 * "prod", "dev"`. Omits subjects that don't distinguish a group. No two groups get the same description.
 */
export function describeAssumptions(groups: AtomDecision[][][]): string[][] {
  const facts = groups.map((group) => group.map(factsOf));
  const all = facts.flat();
  const descriptions = facts.map((group) => describeGroup(group, all));
  const counts = new Map<string, number>();
  for (const clauses of descriptions)
    counts.set(clauses.join("; "), (counts.get(clauses.join("; ")) ?? 0) + 1);
  const taken = new Set<string>();
  return descriptions.map((clauses, i) => {
    const name = clauses.join("; ");
    const assumptions =
      clauses.length > 0 && counts.get(name) === 1 ? clauses : [alternativesText(facts[i] ?? [])];
    while (taken.has(assumptions.join("; "))) assumptions.push(`case ${i + 1}`);
    taken.add(assumptions.join("; "));
    return assumptions;
  });
}

const MAX_ALTERNATIVES = 3;

/** Describes assignments that have nothing in common as alternatives. */
function alternativesText(group: Map<string, Fact>[]): string {
  const texts = group
    .slice(0, MAX_ALTERNATIVES)
    .map((facts) => [...facts].flatMap(([subject, fact]) => factText(subject, [fact]) ?? []).join(" and "));
  return [...new Set(texts), ...(group.length > MAX_ALTERNATIVES ? ["…"] : [])].join(", or ");
}

/** A later decision about a subject is more specific than an earlier one and replaces it. */
function factsOf(decisions: AtomDecision[]): Map<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const { atom, choice } of decisions) {
    const value = atom.values?.[choice];
    if (!atom.values) facts.set(atom.subject, { is: choice === 0 });
    else facts.set(atom.subject, value === undefined ? { not: atom.values } : { is: value });
  }
  return facts;
}

const factKey = (fact: Fact | undefined): string => JSON.stringify(fact ?? null);

function describeGroup(group: Map<string, Fact>[], all: Map<string, Fact>[]): string[] {
  const subjects = [...(group[0]?.keys() ?? [])];
  return subjects.flatMap((subject) => {
    if (!group.every((facts) => facts.has(subject))) return [];
    const inGroup = distinct(group.map((facts) => facts.get(subject) as Fact));
    const inAllGroups = new Set(
      all
        .map((facts) => facts.get(subject))
        .filter(Boolean)
        .map(factKey),
    );
    if (inGroup.length === inAllGroups.size && inAllGroups.size > 1) return [];
    return factText(subject, inGroup) ?? [];
  });
}

function distinct(facts: Fact[]): Fact[] {
  return [...new Map(facts.map((fact) => [factKey(fact), fact])).values()];
}

function factText(subject: string, facts: Fact[]): string | undefined {
  const values = facts.flatMap((fact) => ("is" in fact ? [fact.is] : []));
  const excluded = facts.flatMap((fact) => ("not" in fact ? [fact.not] : []));
  if (values.includes(true) && values.includes(false)) return undefined;
  if (typeof values[0] === "boolean") return `${subject} is ${values[0]}`;
  const quote = (value: unknown) => JSON.stringify(value);
  if (excluded.length === 0) return `${subject} is ${values.map(quote).join(" or ")}`;
  const excludedByAll = (excluded[0] as string[]).filter(
    (value) => !values.includes(value) && excluded.every((list) => list.includes(value)),
  );
  if (excludedByAll.length === 0) return undefined;
  return excludedByAll.length === 1
    ? `${subject} is not ${quote(excludedByAll[0])}`
    : `${subject} is none of ${excludedByAll.map(quote).join(", ")}`;
}
