import { divide, type Failure, offendersIn } from "../model/divide.ts";
import type { Document, Entity } from "../model/document.ts";
import { addToGroup } from "../model/groups.ts";
import { messageOf } from "../model/message.ts";
import type { Problem } from "../model/source.ts";
import { documentOf, independentGroups, resourceName } from "./batch.ts";
import { compareRawFindings, type Engine, type RawFinding, type RuleSettings } from "./engine.ts";

/** The findings of a document, and the resources that the rules could not evaluate. */
export interface Judgment {
  findings: RawFinding[];
  unjudged: Unjudged[];
}

export interface Unjudged {
  entities: Entity[];
  problem: Problem;
}

/**
 * Evaluates the rules. If the evaluation fails, evaluates the halves of the document, until only the resources that make
 * it fail are left; all others keep their verdicts.
 *
 * This does not change a verdict. A document is divided only between groups of entities that no rule combines, as for
 * batches. References are already resolved, so that the two halves need nothing from each other.
 */
export function judge(engine: Engine, document: Document, settings?: RuleSettings): Judgment {
  const evaluate = (entities: Entity[]) => engine.evaluate(documentOf(document, entities), settings);
  try {
    return { findings: engine.evaluate(document, settings), unjudged: [] };
  } catch {
    const findings: RawFinding[] = [];
    const failures = divide(independentGroups(document), (groups) => {
      for (const finding of evaluate(groups.flat())) findings.push(finding);
    });
    const unjudged = failures.flatMap(({ items, error }) => {
      const [group, ...others] = items;
      if (group === undefined || others.length > 0) return unjudgedIn({ items: items.flat(), error });
      if (new Set(group.map(resourceName)).size === 1) return unjudgedIn({ items: group, error });
      const narrowed = judgeGroup(group, evaluate);
      for (const finding of narrowed.findings) findings.push(finding);
      return narrowed.unjudged;
    });
    return { findings: findings.sort(compareRawFindings), unjudged };
  }
}

/**
 * Evaluates a group of entities that refer to each other without the resources that make the evaluation fail. Only the
 * whole group without them is evaluated, and not its halves: an alias without its key would get another verdict.
 */
function judgeGroup(group: Entity[], evaluate: (entities: Entity[]) => RawFinding[]): Judgment {
  const resources = new Map<string, Entity[]>();
  for (const entity of group) addToGroup(resources, resourceName(entity), entity);
  let findings: RawFinding[] = [];
  const failures = offendersIn([...resources.values()], (variants) => {
    findings = evaluate(variants.flat());
  });
  const offenders = new Set(failures.flatMap(({ items }) => items.flat()));
  return {
    findings: offenders.size === group.length ? [] : findings,
    unjudged: failures.flatMap(({ items, error }) => unjudgedIn({ items: items.flat(), error })),
  };
}

/** The number of resources of one file that get a problem each. */
const MAX_SEPARATE = 10;

function unjudgedIn({ items, error }: Failure<Entity>): Unjudged[] {
  const byFile = new Map<string, Map<string, Entity[]>>();
  for (const entity of items) {
    const { file } = entity.location;
    const resources = byFile.get(file) ?? new Map<string, Entity[]>();
    byFile.set(file, resources);
    addToGroup(resources, entity.resource, entity);
  }
  return [...byFile.values()].flatMap((resources) =>
    resources.size <= MAX_SEPARATE
      ? [...resources].map(([resource, entities]) => unjudgedAs(resource, entities, error))
      : [unjudgedAs(`${resources.size} resources of this file`, [...resources.values()].flat(), error)],
  );
}

const unjudgedAs = (subject: string, entities: Entity[], error: unknown): Unjudged => {
  const { file, line, column } = entities[0]?.location ?? { file: "-", line: 1, column: 1 };
  const message = `Keywarden could not judge ${subject}: ${messageOf(error)}`;
  return { entities, problem: { file, line, column, message, remedy: remedyOf(messageOf(error)) } };
};

const remedyOf = (message: string): string =>
  /memory|malloc|call stack|string length/i.test(message)
    ? "Make the resource smaller, or check it in a file of its own."
    : "Report this as a bug, with a minimal input that reproduces it. Until then, remove the resource from the input.";
