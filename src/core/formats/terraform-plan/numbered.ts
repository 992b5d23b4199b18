import { unknownPartText } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import type { Leaf } from "./follow.ts";
import { modulesOf } from "./traversal.ts";

const mark = /\u{F0000}(\d+)\u{F0001}/u;

export const hasNumbered = (value: Json | undefined): value is string =>
  typeof value === "string" && mark.test(value);

/** Whether a text is nothing but a hole. */
export const isNumbered = (text: string): boolean => /^\u{F0000}\d+\u{F0001}$/u.test(text);

/** A text in its parts: what is written out, and the numbers of its holes. */
export function partsOf(text: string): (string | number)[] {
  return text.split(new RegExp(mark, "gu")).map((part, i) => (i % 2 === 0 ? part : Number(part)));
}

/** The first hole of a text. */
export function firstIn(text: string, holes: readonly NumberedUnknown[]): NumberedUnknown | undefined {
  const number = mark.exec(text)?.[1];
  return number === undefined ? undefined : holes[Number(number)];
}

/** A text as people read it. */
export const shownText = (text: string, holes: readonly NumberedUnknown[] | undefined): string =>
  holes === undefined
    ? text
    : text.replace(new RegExp(mark, "gu"), (all, number) => {
        const hole = holes[Number(number)];
        return hole === undefined ? all : unknownPartText(hole);
      });

/** What a hole stands for; of one that is no attribute nothing is known. */
export function leafOf({ expression, leaf }: NumberedUnknown): Leaf {
  if (leaf === undefined) return { kind: "lost", text: expression };
  const { module, index, ...named } = leaf;
  return {
    kind: "resource",
    text: expression,
    module: modulesOf(module),
    ...(index === undefined || index === null ? {} : { index }),
    ...named,
  };
}
