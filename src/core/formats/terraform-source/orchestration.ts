import { posix } from "node:path";
import { emptyPart, type Part } from "../../model/format.ts";
import type { Source, UnseenPart } from "../../model/source.ts";
import { isOrchestration } from "../../model/terraform-module.ts";

const patterns = {
  /** The blocks that make a Terragrunt configuration a unit, or part of one. A root configuration has none of them. */
  unit: /^\s*"?(?:include|inputs)"?\b|(?:^|[{,])\s*"?source"?\s*[=:]/m,
  source: /(?:^|[{,])\s*"?source"?\s*[=:]\s*"([^"]+)"/m,
};

/**
 * Returns an unseen part for a Terragrunt unit or a file of a Terraform stack, and undefined for other sources. These
 * files call modules with inputs, so they decide what is deployed, but Keywarden does not evaluate them.
 */
export function orchestrationPart(source: Source): Part | undefined {
  if (source.nameOnly === true || !isOrchestration(source.path)) return undefined;
  const unseen = unseenIn(source);
  return { ...emptyPart(), ...(unseen === undefined ? {} : { unseen: [unseen] }) };
}

function unseenIn({ path, text, named }: Source): UnseenPart | undefined {
  const name = posix.basename(path);
  const found = { kind: "terragrunt-unit" as const, file: path, line: 1, column: 1, subject: path };
  const called = patterns.source.exec(text)?.[1];
  const module = called === undefined ? "" : ` It calls the module ${called}.`;
  if (!name.startsWith("terragrunt."))
    return {
      ...found,
      kind: "file",
      message: `Keywarden does not evaluate files of Terraform stacks, such as ${name}.${module}`,
      remedy: "Check the modules that its components call, with their inputs as variables.",
    };
  if (name.startsWith("terragrunt.stack."))
    return {
      ...found,
      message: `Keywarden does not evaluate Terragrunt stacks.${module}`,
      remedy: "Check the plans of its units: terragrunt show -json PLAN.",
    };
  if (named !== true && !patterns.unit.test(text)) return undefined;
  return {
    ...found,
    message: `Keywarden does not evaluate Terragrunt units.${module}`,
    remedy: "Check the plan of the unit: terragrunt show -json PLAN.",
  };
}
