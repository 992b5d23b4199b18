import { posix } from "node:path";
import { type Document, entitiesOf } from "../model/document.ts";
import { isMap, type JsonMap } from "../model/json.ts";
import { escapePointer, locationOf } from "../model/node.ts";
import type { Json, Source } from "../model/source.ts";
import { parseBigJson } from "../parse/json.ts";
import { isProblem } from "../parse/problem.ts";
import { directiveOf } from "./directive.ts";
import type { Written } from "./suppression.ts";

const key = "aws:cdk:acknowledged-rules";

/** Whether a text may be a file beside templates in which the CDK notes what was acknowledged. */
export const mayAcknowledge = ({ path, text }: Source): boolean =>
  /(?:^|[\\/])(?:manifest|[^\\/]*\.metadata)\.json$/.test(path) && text.includes(key);

/**
 * What `Validations.of(construct).acknowledge({id: "keywarden::RULE", reason})` leaves in the CDK's output: entries by
 * the paths of constructs, in `manifest.json` for each stack, or in a file of their own. They are about all resources of
 * the construct in the templates of that output.
 */
export function suppressionsAcknowledged(source: Source, document: Document): Written[] {
  const parsed = parseBigJson(source);
  if (isProblem(parsed)) return [];
  const { artifacts } = mapOf(parsed.value);
  const lists: [pointer: string, metadata: Json | undefined][] =
    artifacts === undefined
      ? [["", parsed.value]]
      : Object.entries(mapOf(artifacts)).map(([name, artifact]) => [
          `/artifacts/${escapePointer(name)}/metadata`,
          mapOf(artifact).metadata,
        ]);
  const folder = posix.dirname(source.path);
  const isInside = (file: string) => folder === "." || file.startsWith(`${folder}/`);
  const constructs = entitiesOf(document).flatMap(
    ({ constructPath: construct, resource, location: { file } }) =>
      construct !== undefined && isInside(file) ? [{ construct, name: `${file} ${resource}` }] : [],
  );
  return lists.flatMap(([pointer, metadata]) =>
    Object.entries(mapOf(metadata)).flatMap(([path, entries]) => {
      const place = `${pointer}/${escapePointer(path)}`;
      const within = constructs.filter(({ construct }) => `/${construct}/`.startsWith(`${path}/`));
      const names = new Set(within.map(({ name }) => name));
      return (Array.isArray(entries) ? entries : []).flatMap((entry, i) =>
        acknowledgedIn(entry).map(
          (ignore): Written => ({
            ...directiveOf(ignore),
            by: "metadata",
            location: locationOf({ parsed, pointer: `${place}/${i}` }),
            elsewhere: names.size === 0,
            covers: ({ file, resource }) => names.has(`${file} ${resource}`),
          }),
        ),
      );
    }),
  );
}

function acknowledgedIn(entry: Json): { rule: string; reason: Json }[] {
  const { type, data } = mapOf(entry);
  return Object.entries(type === key ? mapOf(data) : {}).flatMap(([name, reason]) => {
    const rule = /^keywarden::(.+)$/i.exec(name)?.[1];
    return rule === undefined ? [] : [{ rule, reason }];
  });
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {});
