import { MAX_GLOB_LENGTH } from "../glob.ts";
import { matchesPattern } from "../key-policy/pattern.ts";
import { type Document, entitiesIn } from "../model/document.ts";
import { locationOf } from "../model/node.ts";
import type { Json, Parsed, Problem, Source } from "../model/source.ts";
import { parseJson } from "../parse/json.ts";
import { isProblem, sourceProblem } from "../parse/problem.ts";
import { parseYaml } from "../parse/yaml.ts";
import { directiveFromObject } from "./directive.ts";
import { relativePaths, suppressedPaths } from "./paths.ts";
import type { SuppressibleFinding, SuppressionEntry } from "./suppression.ts";

/**
 * Returns the entries of a suppression file: a list, or a mapping with the list as `ignore`. Path globs are relative to
 * the directory of the file.
 */
export function fileSuppressions(source: Source, document: Document): SuppressionEntry[] | Problem {
  const list = parseEntryList(source);
  if (isProblem(list)) return list;
  const relativePath = relativePaths(source.path);
  const files = new Set(entitiesIn(document).map(({ location }) => location.file));
  return list.items.map(({ value, pointer }): SuppressionEntry => {
    const location = locationOf({ parsed: list.parsed, pointer });
    const invalidEntry = (invalidReason: string): SuppressionEntry => ({
      rules: [],
      by: "file",
      location,
      invalidReason,
      matches: () => false,
    });
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return invalidEntry("an entry must be a mapping with rule and reason");
    const directive = directiveFromObject(value, ["files", "resources"]);
    const globs = stringList(value.files);
    const patterns = stringList(value.resources);
    const tooLong = [...(globs ?? []), ...(patterns ?? [])].find((glob) => glob.length > MAX_GLOB_LENGTH);
    if (tooLong !== undefined)
      return invalidEntry(`a pattern has ${tooLong.length} characters; the maximum is ${MAX_GLOB_LENGTH}`);
    const matchesPath = globs === undefined ? () => true : suppressedPaths(globs);
    const matchesFile = (file: string) => matchesPath(relativePath(file));
    const matchesResource = (resource: string) =>
      patterns === undefined || patterns.some((pattern) => matchesPattern(pattern, resource));
    return {
      ...directive,
      by: "file",
      location,
      outsideInputs: ![...files].some(matchesFile),
      matches: ({ file, location, resource }: SuppressibleFinding) =>
        (matchesFile(location.file) || matchesFile(file)) && matchesResource(resource),
    };
  });
}

interface EntryList {
  parsed: Parsed;
  items: { value: Json; pointer: string }[];
}

function parseEntryList(source: Source): EntryList | Problem {
  const documents = /^\uFEFF?\s*[{[]/.test(source.text) ? parseJson(source) : parseYaml(source);
  if (isProblem(documents)) return documents;
  const [parsed, second] = Array.isArray(documents) ? documents : [documents];
  // The file contains only comments.
  if (parsed === undefined || parsed.value === null) return { parsed: emptyDocument(source), items: [] };
  const { value } = parsed;
  const prefix =
    typeof value === "object" && !Array.isArray(value) && Array.isArray(value.ignore) ? "/ignore" : "";
  const list = prefix === "" ? value : (value as { [name: string]: Json }).ignore;
  if (second !== undefined || !Array.isArray(list))
    return sourceProblem(
      parsed,
      "",
      "The suppression file is not a list.",
      "Write a list of entries with rule and reason, and optionally files, resources, sid and until.",
    );
  return { parsed, items: list.map((item, i) => ({ value: item, pointer: `${prefix}/${i}` })) };
}

const emptyDocument = (source: Source): Parsed => ({
  source,
  value: null,
  locate: () => {
    const start = { line: 1, column: 1, offset: 0 };
    return { start, end: start };
  },
});

const stringList = (value: Json | undefined): string[] | undefined =>
  value === undefined || value === null ? undefined : [value].flat().map(String);
