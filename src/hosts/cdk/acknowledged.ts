import { nearest } from "../../core/model/nearest.ts";
import { constructsIn } from "./constructs.ts";

/** The CDK keeps there what `Validations.of(construct).acknowledge({ id, reason })` says. */
const key = "aws:cdk:acknowledged-rules";

export interface Acknowledgement {
  /** As its author wrote it. */
  id: string;
  rule: string;
  /** The construct at which it was said; it holds for all that is below. */
  construct: string;
  /** The CDK itself takes it for one of ours: it then lists what it covers as suppressed, with the reason. */
  exact: boolean;
}

/** What of ours the constructs of an app acknowledge. */
export const acknowledgementsIn = (root: object | undefined): Acknowledgement[] =>
  constructsIn(root).flatMap(({ path, metadata }) =>
    metadata
      .filter(({ type }) => type === key)
      .flatMap(({ data }) => Object.keys((data ?? {}) as object))
      .flatMap((id) => {
        const name = /^keywarden::(.+)$/i.exec(id)?.[1];
        if (name === undefined) return [];
        const rule = name.replaceAll("-", "_").toLowerCase();
        return [{ id, rule, construct: path, exact: id === `keywarden::${rule}` }];
      }),
  );

/** Those about a finding of a rule at a construct. */
export const acknowledging = (all: Acknowledgement[], rule: string, construct: string): Acknowledgement[] =>
  all.filter(
    (one) => one.rule === rule && (one.construct === "" || `${construct}/`.startsWith(`${one.construct}/`)),
  );

/** Words about those that name no rule. */
export const unheardOf = (all: Acknowledgement[], rules: string[]): string[] =>
  all
    .filter(({ rule }) => !rules.includes(rule))
    .map(
      ({ id, rule, construct }) =>
        `${construct || "the app"} acknowledges ${id}, and there is no such rule: did you mean keywarden::${nearest(rule, rules)}?`,
    );
