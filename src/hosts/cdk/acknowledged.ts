import { nearest } from "../../core/model/nearest.ts";
import { constructsIn } from "./constructs.ts";

/** The type of metadata that `Validations.of(construct).acknowledge({ id, reason })` adds to a construct. */
const metadataType = "aws:cdk:acknowledged-rules";

export interface Acknowledgement {
  /** The ID as written in the app. */
  id: string;
  rule: string;
  /** The path of the acknowledging construct; the acknowledgement also applies to its descendants. */
  construct: string;
  /** The CDK matches only exact IDs. It then lists the finding as suppressed, with the reason. */
  exact: boolean;
}

/** Returns the acknowledgements of Keywarden rules in an app. */
export const acknowledgementsIn = (root: object | undefined): Acknowledgement[] =>
  constructsIn(root).flatMap(({ path, metadata }) =>
    metadata
      .filter(({ type }) => type === metadataType)
      .flatMap(({ data }) => Object.keys((data ?? {}) as object))
      .flatMap((id) => {
        const name = /^keywarden::(.+)$/i.exec(id)?.[1];
        if (name === undefined) return [];
        const rule = name.replaceAll("-", "_").toLowerCase();
        return [{ id, rule, construct: path, exact: id === `keywarden::${rule}` }];
      }),
  );

/** Returns the acknowledgements that apply to a finding of a rule at a construct. */
export const acknowledgementsFor = (
  all: Acknowledgement[],
  rule: string,
  construct: string,
): Acknowledgement[] =>
  all.filter(
    (acknowledgement) =>
      acknowledgement.rule === rule &&
      (acknowledgement.construct === "" || `${construct}/`.startsWith(`${acknowledgement.construct}/`)),
  );

/** Returns a message for each acknowledgement of a rule that does not exist. */
export const unknownRuleMessages = (all: Acknowledgement[], rules: string[]): string[] =>
  all
    .filter(({ rule }) => !rules.includes(rule))
    .map(
      ({ id, rule, construct }) =>
        `${construct || "the app"} acknowledges ${id}, but this rule does not exist. Did you mean keywarden::${nearest(rule, rules)}?`,
    );
