import type { Export } from "../../model/format.ts";
import type { Json } from "../../model/source.ts";
import { idOf } from "./entity.ts";
import { describe, type Run, valueOf } from "./run.ts";
import { isMap, join } from "./template.ts";

/** The keys that a template exports for Fn::ImportValue, as far as their names are known. */
export function exportsIn(run: Run): Export[] {
  const root = run.template.parsed.value;
  const outputs = isMap(root) && isMap(root.Outputs) ? root.Outputs : {};
  return Object.entries(outputs).flatMap(([id, output]): Export[] => {
    if (!isMap(output) || !isMap(output.Export) || output.Export.Name === undefined) return [];
    const at = join(join("/Outputs", id), "Export");
    const name = valueOf(run, output.Export.Name, join(at, "Name"));
    const key = run.resources.get(keyIn(output.Value) ?? "");
    if (name?.type !== "scalar" || key === undefined || !/^AWS::KMS::(Key|ReplicaKey)$/.test(key.type))
      return [];
    return [{ importedAs: describe({ "Fn::ImportValue": String(name.value) }), key: idOf(run, key.id) }];
  });
}

/** The resource of which a value is the id or the ARN. */
function keyIn(value: Json | undefined): string | undefined {
  if (!isMap(value)) return undefined;
  if (typeof value.Ref === "string") return value.Ref;
  const attribute = value["Fn::GetAtt"];
  const [id, name] =
    typeof attribute === "string" ? attribute.split(".") : Array.isArray(attribute) ? attribute : [];
  return typeof id === "string" && (name === "Arn" || name === "KeyId") ? id : undefined;
}
