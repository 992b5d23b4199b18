import { isMap, type JsonMap } from "../../model/json.ts";
import type { Parsed, Range } from "../../model/source.ts";
import { pointerParts } from "../../parse/pointer.ts";
import { joinPointer } from "./template.ts";

/**
 * Returns the CloudFormation template in `resources` of a Serverless Framework service, or undefined if there is none. The
 * framework merges a list of templates into one.
 * https://www.serverless.com/framework/docs/providers/aws/guide/resources
 */
export function serviceTemplate(parsed: Parsed): Parsed | undefined {
  const { source, value } = parsed;
  if (!isMap(value) || "Resources" in value) return undefined;
  const template: JsonMap = {};
  /** The pointers of the entries, by section and name. */
  const pointers = new Map<string, string>();
  for (const [part, at] of partsOf(value)) {
    for (const [section, entries] of Object.entries(part)) {
      const merged = template[section];
      template[section] = isMap(entries) && isMap(merged) ? { ...merged, ...entries } : entries;
      for (const name of isMap(entries) ? Object.keys(entries) : [])
        pointers.set(entryId([section, name]), joinPointer(joinPointer(at, section), name));
    }
  }
  const locate = (pointer: string): Range => {
    const [section, name, ...rest] = pointerParts(pointer);
    const entry = pointers.get(entryId([section, name]));
    if (entry === undefined) return parsed.locate("");
    const full = rest.reduce<string>(joinPointer, entry);
    return { ...parsed.locate(full), origin: { path: source.path, pointer: full } };
  };
  return isMap(template.Resources) ? { source, value: template, locate } : undefined;
}

function partsOf({ resources }: JsonMap): [part: JsonMap, pointer: string][] {
  if (isMap(resources)) return [[resources, "/resources"]];
  if (!Array.isArray(resources)) return [];
  return resources.flatMap((part, i): [JsonMap, string][] =>
    isMap(part) ? [[part, `/resources/${i}`]] : [],
  );
}

const entryId = (path: (string | undefined)[]): string => JSON.stringify(path);
