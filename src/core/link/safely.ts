import { type Failure, offendersIn } from "../model/divide.ts";
import { type Document, entitiesIn, type Key } from "../model/document.ts";
import { emptyPart, type Part, type TargetOptions } from "../model/format.ts";
import { messageOf } from "../model/message.ts";
import type { Problem } from "../model/source.ts";
import { linkParts } from "./link.ts";

/** A document, and the inputs that are not in it because of an error of Keywarden. */
interface Sound {
  document: Document;
  problems: Problem[];
}

/** Links the parts. A part that cannot be linked becomes a problem, and the others are linked without it. */
export function linkSafely(parts: Part[], options: TargetOptions): Sound {
  try {
    return { document: linkParts(parts, options), problems: [] };
  } catch {
    const failures = offendersIn(parts, (some) => void linkParts(some, options));
    const offenders = new Set(failures.flatMap(({ items }) => items));
    return {
      document: linkParts(
        offenders.size === parts.length ? [emptyPart()] : parts.filter((part) => !offenders.has(part)),
        options,
      ),
      problems: failures.flatMap(({ items, error }) =>
        [...new Set(items.map(fileOf))].map((file) => problemAt({ file }, "this file", error)),
      ),
    };
  }
}

/**
 * Analyzes the key policies, each for itself. A policy that cannot be analyzed becomes a problem and is unknown, so that
 * no rule passes it.
 */
export function analyzeSafely(document: Document, analyze: (document: Document) => Document): Sound {
  try {
    return { document: analyze(document), problems: [] };
  } catch {
    const failures = offendersIn(document.keys, (keys) => void analyze({ ...document, keys }));
    const offenders = new Set(failures.flatMap(({ items }) => items));
    const keys = document.keys.map((key) => (offenders.has(key) ? withUnknownPolicy(key) : key));
    return { document: analyze({ ...document, keys }), problems: failures.flatMap(problemsOfKeys) };
  }
}

const withUnknownPolicy = (key: Key): Key => ({
  ...key,
  policy: {
    state: "unresolved",
    unknown: { reason: "could not be analyzed", expression: "the key policy" },
    ...(key.policy.location && { location: key.policy.location }),
    statements: [],
    problems: [],
  },
});

const problemsOfKeys = ({ items, error }: Failure<Key>): Problem[] =>
  items.map(({ resource, location: { file, line, column } }) =>
    problemAt({ file, line, column }, `the key policy of ${resource}`, error),
  );

const fileOf = (part: Part): string =>
  [...entitiesIn(part).map(({ location }) => location), ...part.problems, ...(part.unseen ?? [])][0]?.file ??
  "-";

const problemAt = (
  at: Pick<Problem, "file" | "line" | "column">,
  subject: string,
  error: unknown,
): Problem => ({
  ...at,
  message: `Keywarden could not judge ${subject}: ${messageOf(error)}`,
  remedy: "Report this as a bug, with a minimal input that reproduces it.",
});
