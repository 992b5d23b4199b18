import { DisjointSets } from "../../model/disjoint-sets.ts";
import { addToGroup } from "../../model/groups.ts";
import { own } from "../../model/json.ts";
import type { Json } from "../../model/source.ts";
import { canonicalExpression, type TemplateResource } from "./context.ts";
import { bindName } from "./strings.ts";
import { isMap } from "./template.ts";

/**
 * Groups resources that share variants, in template order: resources that refer to each other, directly or indirectly,
 * and resources that cannot coexist, such as aliases with the same name and replicas of the same key.
 */
export function componentsOf(resources: TemplateResource[]): TemplateResource[][] {
  const ids = new Set(resources.map(({ id }) => id));
  const sets = new DisjointSets();
  for (const { id, raw, bindings } of resources)
    for (const name of referencesIn(raw.Properties ?? null, (text) => bindName({ bindings }, text)))
      if (ids.has(name)) sets.union(id, name);

  const ownersOfValue = new Map<string, string>();
  for (const { id, type, raw } of resources) {
    const claim = exclusiveValue(type, raw.Properties);
    if (claim === undefined) continue;
    const owner = ownersOfValue.get(claim);
    if (owner === undefined) ownersOfValue.set(claim, id);
    else sets.union(id, owner);
  }

  const components = new Map<string, TemplateResource[]>();
  for (const resource of resources) addToGroup(components, sets.find(resource.id), resource);
  return [...components.values()];
}

const exclusiveProperties: { [type: string]: string } = {
  "AWS::KMS::Alias": "AliasName",
  "AWS::KMS::ReplicaKey": "PrimaryKeyArn",
};

/** Returns a value that only one resource of the type can have. */
function exclusiveValue(type: string, properties: Json | undefined): string | undefined {
  const property = own(exclusiveProperties, type);
  const value = property !== undefined && isMap(properties) ? properties[property] : undefined;
  return value === undefined ? undefined : `${type} ${canonicalExpression(value)}`;
}

/** Returns the names in Ref, Fn::GetAtt, and Fn::Sub, with loop variables substituted. */
export function referencesIn(raw: Json, bind: (text: string) => string): Set<string> {
  const names = new Set<string>();
  const walk = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isMap(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      const [first] = Array.isArray(inner) ? inner : [inner];
      if (typeof first === "string") {
        const text = bind(first);
        if (key === "Ref") names.add(text);
        else if (key === "Fn::GetAtt") names.add(text).add(text.replace(/\.[^.{}]*$/, ""));
        else if (key === "Fn::Sub")
          for (const name of [text, ...namesIn(first), ...namesIn(text)]) names.add(name);
      }
      walk(inner);
    }
  };
  walk(raw);
  return names;
}

const namesIn = (text: string): string[] =>
  [...text.matchAll(/\$\{\s*(\w+)[^{}]*\}/g)].map(([, name]) => name as string);
