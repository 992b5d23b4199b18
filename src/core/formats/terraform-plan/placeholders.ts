import { unknownPartText } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import { modulePath } from "./address.ts";
import type { ReferenceTarget } from "./reference-targets.ts";

/** See "Holes" in terraform/README.md. */
const placeholder = /\u{F0000}(\d+)\u{F0001}/u;

export const hasPlaceholder = (value: Json | undefined): value is string =>
  typeof value === "string" && placeholder.test(value);

/** Returns whether a string is a single placeholder. */
export const isPlaceholder = (text: string): boolean => /^\u{F0000}\d+\u{F0001}$/u.test(text);

/** Splits a string into literal parts and the numbers of placeholders. */
export function splitAtPlaceholders(text: string): (string | number)[] {
  return text.split(new RegExp(placeholder, "gu")).map((part, i) => (i % 2 === 0 ? part : Number(part)));
}

/** Returns the unknown value of the first placeholder in a string. */
export function firstUnknown(
  text: string,
  unknowns: readonly NumberedUnknown[],
): NumberedUnknown | undefined {
  const number = placeholder.exec(text)?.[1];
  return number === undefined ? undefined : unknowns[Number(number)];
}

/** Replaces placeholders by the expressions of their unknown values, for display. */
export const replacePlaceholders = (
  text: string,
  unknowns: readonly NumberedUnknown[] | undefined,
): string =>
  unknowns === undefined
    ? text
    : text.replace(new RegExp(placeholder, "gu"), (all, number) => {
        const unknown = unknowns[Number(number)];
        return unknown === undefined ? all : unknownPartText(unknown);
      });

/** Returns the reference target of an unknown value. It is unresolved unless the value is an attribute. */
export function unknownValueTarget({ expression, leaf }: NumberedUnknown): ReferenceTarget {
  if (leaf === undefined) return { kind: "unresolved", text: expression };
  const { module, index, ...named } = leaf;
  return {
    kind: "resource",
    text: expression,
    module: modulePath(module),
    ...(index === undefined || index === null ? {} : { index }),
    ...named,
  };
}
