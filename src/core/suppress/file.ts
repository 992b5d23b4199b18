import { matchesPattern } from "../key-policy/pattern.ts";
import { type Document, entitiesOf } from "../model/document.ts";
import { locationOf } from "../model/node.ts";
import type { Json, Parsed, Problem, Source } from "../model/source.ts";
import { parseJson } from "../parse/json.ts";
import { isProblem, problem } from "../parse/problem.ts";
import { parseYaml } from "../parse/yaml.ts";
import { directiveOf } from "./directive.ts";
import { relativeToDirectoryOf, suppressedPaths } from "./paths.ts";
import type { Judged, Written } from "./suppression.ts";

/**
 * The suppressions of a file of them: a list, or a mapping with that list as `ignore`. Globs of paths start at the file's
 * folder.
 */
export function suppressionsInFile(source: Source, document: Document): Written[] | Problem {
  const parsed = parsedList(source);
  if (isProblem(parsed)) return parsed;
  const files = new Set(entitiesOf(document).map(({ location }) => location.file));
  return parsed.items.map(({ value, pointer }): Written => {
    const location = locationOf({ parsed: parsed.parsed, pointer });
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { rules: [], by: "file", location, wrong: "an entry has rule and reason", covers: () => false };
    const own = directiveOf(value, ["files", "resources"]);
    const globs = listOf(value.files);
    const patterns = listOf(value.resources);
    const matchesPath = globs === undefined ? () => true : suppressedPaths(globs);
    const isThere = (file: string) => matchesPath(relativeToDirectoryOf(source.path, file));
    const isMeant = (resource: string) =>
      patterns === undefined || patterns.some((pattern) => matchesPattern(pattern, resource));
    return {
      ...own,
      by: "file",
      location,
      elsewhere: ![...files].some(isThere),
      covers: ({ file, location, resource }: Judged) =>
        (isThere(location.file) || isThere(file)) && isMeant(resource),
    };
  });
}

interface Entries {
  parsed: Parsed;
  items: { value: Json; pointer: string }[];
}

function parsedList(source: Source): Entries | Problem {
  const documents = /^\uFEFF?\s*[{[]/.test(source.text) ? parseJson(source) : parseYaml(source);
  if (isProblem(documents)) return documents;
  const [parsed, another] = Array.isArray(documents) ? documents : [documents];
  // A file with nothing but comments.
  if (parsed === undefined || parsed.value === null) return { parsed: emptyOf(source), items: [] };
  const { value } = parsed;
  const below =
    typeof value === "object" && !Array.isArray(value) && Array.isArray(value.ignore) ? "/ignore" : "";
  const list = below === "" ? value : (value as { [name: string]: Json }).ignore;
  if (another !== undefined || !Array.isArray(list))
    return problem(
      parsed,
      "",
      "The file with suppressions is no list.",
      "Write a list of entries with rule, reason, and as needed files, resources, sid and until.",
    );
  return { parsed, items: list.map((item, i) => ({ value: item, pointer: `${below}/${i}` })) };
}

const emptyOf = (source: Source): Parsed => ({
  source,
  value: null,
  locate: () => {
    const start = { line: 1, column: 1, offset: 0 };
    return { start, end: start };
  },
});

const listOf = (value: Json | undefined): string[] | undefined =>
  value === undefined || value === null ? undefined : [value].flat().map(String);
