import { posix } from "node:path";
import { type Document, entitiesIn } from "../model/document.ts";
import { asMap } from "../model/json.ts";
import { escapePointer, locationOf } from "../model/node.ts";
import type { Json, Source } from "../model/source.ts";
import { parseBigJson } from "../parse/json.ts";
import { isProblem } from "../parse/problem.ts";
import { directiveFromObject } from "./directive.ts";
import type { SuppressionEntry } from "./suppression.ts";

const acknowledgedRulesKey = "aws:cdk:acknowledged-rules";

/** Returns whether a source may be a file next to templates in which the CDK records acknowledged findings. */
export const mayAcknowledge = ({ path, text, nameOnly }: Source): boolean =>
  nameOnly !== true &&
  /(?:^|[\\/])(?:manifest|[^\\/]*\.metadata)\.json$/.test(path) &&
  text.includes(acknowledgedRulesKey);

/**
 * Returns the suppressions that `Validations.of(construct).acknowledge({id: "keywarden::RULE", reason})` leaves in the
 * CDK output: entries by construct path, either per stack in `manifest.json` or in a separate metadata file. An entry
 * applies to all resources of the construct in the templates of that output.
 */
export function acknowledgedSuppressions(source: Source, document: Document): SuppressionEntry[] {
  const parsed = parseBigJson(source);
  if (isProblem(parsed)) return [];
  const { artifacts } = asMap(parsed.value);
  const lists: [pointer: string, metadata: Json | undefined][] =
    artifacts === undefined
      ? [["", parsed.value]]
      : Object.entries(asMap(artifacts)).map(([name, artifact]) => [
          `/artifacts/${escapePointer(name)}/metadata`,
          asMap(artifact).metadata,
        ]);
  const directory = posix.dirname(source.path);
  const isInside = (file: string) => directory === "." || file.startsWith(`${directory}/`);
  const resources = entitiesIn(document).flatMap(({ constructPath, resource, location: { file } }) =>
    constructPath !== undefined && isInside(file) ? [{ constructPath, name: `${file} ${resource}` }] : [],
  );
  return lists.flatMap(([pointer, metadata]) =>
    Object.entries(asMap(metadata)).flatMap(([path, entries]) => {
      const listPointer = `${pointer}/${escapePointer(path)}`;
      const resourcesInConstruct = resources.filter(({ constructPath }) =>
        `/${constructPath}/`.startsWith(`${path}/`),
      );
      const names = new Set(resourcesInConstruct.map(({ name }) => name));
      return (Array.isArray(entries) ? entries : []).flatMap((entry, i) =>
        acknowledgedIn(entry).map(
          (acknowledgment): SuppressionEntry => ({
            ...directiveFromObject(acknowledgment),
            by: "metadata",
            location: locationOf({ parsed, pointer: `${listPointer}/${i}` }),
            outsideInputs: names.size === 0,
            matches: ({ file, resource }) => names.has(`${file} ${resource}`),
          }),
        ),
      );
    }),
  );
}

function acknowledgedIn(entry: Json): { rule: string; reason: Json }[] {
  const { type, data } = asMap(entry);
  return Object.entries(type === acknowledgedRulesKey ? asMap(data) : {}).flatMap(([name, reason]) => {
    const rule = /^keywarden::(.+)$/i.exec(name)?.[1];
    return rule === undefined ? [] : [{ rule, reason }];
  });
}
