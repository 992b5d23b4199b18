import type {
  Access,
  Condition,
  ConditionValue,
  Document,
  Key,
  Policy,
  Principal,
  Statement,
} from "../model/document.ts";
import { accessOf } from "./access.ts";
import { analyzedPolicy, hasVariables } from "./context.ts";
import { withWorkLimit } from "./language.ts";
import { comparesWithItself } from "./patterns.ts";

/** Returns the document with what each statement of each key policy means: who it reaches, under which restriction. */
export function analyze(document: Document): Document {
  const run = { known: new Map<string, Access[][]>(), spareWork: SPARE_WORK };
  return { ...document, keys: document.keys.map((key) => analyzeKey(key, run)) };
}

// In steps; a second has about four million. An ordinary policy takes up to 20,000.
/** Every policy has these. */
const POLICY_WORK = 100_000;
/** The policies of a run share these. */
const SPARE_WORK = 20_000_000;
/** A policy takes at most these of the spare steps. AWS KMS accepts policies of at most 32 KB. */
const MAX_SPARE_WORK = 2_000_000;

interface AnalysisRun {
  /** The access that statements give, by policy. Keys of one module have the same policy, except for names. */
  known: Map<string, Access[][]>;
  spareWork: number;
}

function analyzeKey(key: Key, run: AnalysisRun): Key {
  const { policy, owner } = key;
  if (policy.statements.length === 0) return key;
  const signature = JSON.stringify([owner, signatureOf(policy)]);
  let access = run.known.get(signature);
  if (access === undefined) {
    const spare = Math.min(run.spareWork, MAX_SPARE_WORK);
    const analyzed = analyzedPolicy(owner, policy);
    const [result, left] = withWorkLimit(POLICY_WORK + spare, () =>
      policy.statements.map((statement) => accessOf(statement, analyzed)),
    );
    access = result;
    run.spareWork -= spare - Math.min(spare, left);
    run.known.set(signature, access);
  }
  const found = access;
  return {
    ...key,
    policy: {
      ...policy,
      statements: policy.statements.map((statement, i) => ({
        ...statement,
        access: found[i] as Access[],
        conditions: statement.conditions.map((condition) => withSelfComparisons(condition, policy.version)),
      })),
    },
  };
}

/** Marks the values that compare a condition key with itself. */
function withSelfComparisons(condition: Condition, version: Policy["version"]): Condition {
  if (!hasVariables(version) || !condition.values.some(({ text }) => text.includes("${"))) return condition;
  return {
    ...condition,
    values: condition.values.map((value) =>
      comparesWithItself(condition.key, value.text) ? { ...value, comparesWithItself: true } : value,
    ),
  };
}

/** Returns what the analysis of a policy depends on. */
function signatureOf({ statements, version }: Policy): unknown {
  // If nothing depends on the names of users and roles, only which of them are the same counts.
  const names = statements.some(dependsOnNames) ? null : new Map<string, number>();
  const single = singleContextKeys(statements);
  return [version, statements.map((statement) => statementSignature(statement, names, single))];
}

/** A session has the name of its role, and a name with an unknown part may be another one. */
const dependsOnNames = ({ notPrincipal, principals, conditions }: Statement): boolean =>
  notPrincipal ||
  principals.some(({ kind, text }) => kind === "assumed-role" || text.includes("⟨")) ||
  conditions.some(mayNameCallers);

const mayNameCallers = ({ key, values }: Condition): boolean =>
  /^$|^aws:(principalarn|userid|username)$/.test(key) || values.some(({ text }) => text.includes("${"));

const statementSignature = (
  statement: Statement,
  names: Map<string, number> | null,
  single: ReadonlySet<string>,
): unknown => [
  statement.effect,
  statement.notPrincipal,
  statement.principals.map((principal) => principalSignature(principal, names)),
  statement.covers.join(),
  statement.mayCover.length === 0 ? 0 : [statement.mayCover, statement.actions.map(({ text }) => text)],
  statement.matchesKey === "unknown" ? statement.resources : statement.matchesKey,
  statement.conditions.map(({ location: _, name: __, ...condition }) =>
    single.has(condition.key)
      ? { ...condition, values: condition.values.map(({ account }) => account !== undefined) }
      : condition,
  ),
];

/**
 * Returns the encryption context keys that one condition of a policy compares, with known strings. Only the accounts in
 * them count, because nothing else in the policy depends on them.
 */
function singleContextKeys(statements: readonly Statement[]): ReadonlySet<string> {
  const conditions = statements.flatMap((statement) => statement.conditions);
  const isPlain = ({ text, unknown }: ConditionValue): boolean =>
    unknown === undefined && !text.includes("${");
  return new Set(
    conditions.flatMap(({ key, values }) =>
      key.startsWith("kms:encryptioncontext:") &&
      values.every(isPlain) &&
      conditions.filter((other) => other.key === key).length === 1
        ? [key]
        : [],
    ),
  );
}

function principalSignature(
  { location: _, partition: __, text, ...principal }: Principal,
  names: Map<string, number> | null,
): unknown {
  if (
    names === null ||
    (principal.kind !== "role" && principal.kind !== "user") ||
    principal.relation === "unknown"
  )
    return [text, principal];
  const number = names.get(text) ?? names.size;
  names.set(text, number);
  return [number, principal];
}
