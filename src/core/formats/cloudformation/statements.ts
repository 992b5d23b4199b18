import type { UnknownNode } from "../../model/node.ts";
import { valueAt } from "../../parse/pointer.ts";
import type { EvaluationContext, TemplateResource } from "./context.ts";
import { addUnseen, isMap } from "./template.ts";
import { recordTransform } from "./transforms.ts";
import { unseenStatement } from "./unseen-statement.ts";

/** Records a statement that a transform inserts, or that is known only at deployment. */
export function recordStatement(
  { template }: EvaluationContext,
  { id }: TemplateResource,
  { at, part: { expression, reason } }: UnknownNode,
): void {
  const { value, source, locate } = template.parsed;
  const raw = valueAt(value, at.pointer);
  const call = isMap(raw) ? raw["Fn::Transform"] : undefined;
  if (call !== undefined) {
    recordTransform(template, call, at.pointer, `the policy of ${id}`, id);
    return;
  }
  const { line, column } = locate(at.pointer).start;
  addUnseen(
    template,
    unseenStatement({ file: source.path, line, column, resource: id, subject: expression, reason }),
  );
}
