import type { Export } from "../../model/format.ts";
import type { Json } from "../../model/source.ts";
import { describeExpression, type EvaluationContext, evaluateValue } from "./context.ts";
import { entityId } from "./entity.ts";
import { isMap, joinPointer } from "./template.ts";

/** Returns the keys that a template exports for Fn::ImportValue, if the export names are known. */
export function exportsIn(context: EvaluationContext): Export[] {
  const root = context.template.parsed.value;
  const outputs = isMap(root) && isMap(root.Outputs) ? root.Outputs : {};
  return Object.entries(outputs).flatMap(([id, output]): Export[] => {
    if (!isMap(output) || !isMap(output.Export) || output.Export.Name === undefined) return [];
    const at = joinPointer(joinPointer("/Outputs", id), "Export");
    const name = evaluateValue(context, output.Export.Name, joinPointer(at, "Name"));
    const key = context.resources.get(referencedResource(output.Value) ?? "");
    if (name?.type !== "scalar" || key === undefined || !/^AWS::KMS::(Key|ReplicaKey)$/.test(key.type))
      return [];
    return [
      {
        importedAs: describeExpression({ "Fn::ImportValue": String(name.value) }),
        key: entityId(context, key.id),
      },
    ];
  });
}

/** Returns the logical ID of the resource whose key ID or ARN is the value. */
function referencedResource(value: Json | undefined): string | undefined {
  if (!isMap(value)) return undefined;
  if (typeof value.Ref === "string") return value.Ref;
  const attribute = value["Fn::GetAtt"];
  const [id, name] =
    typeof attribute === "string" ? attribute.split(".") : Array.isArray(attribute) ? attribute : [];
  return typeof id === "string" && (name === "Arn" || name === "KeyId") ? id : undefined;
}
