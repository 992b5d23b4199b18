import type { EvaluationResponse } from "../../model/terraform-evaluation.ts";
import { isTerraform, type TerraformModule } from "../../model/terraform-module.ts";
import { cleanPath } from "./evaluator/memory.ts";

/** The files that the user requested, among all files of the evaluated modules. */
export class RequestedFiles {
  private readonly requested = new Set<string>();
  private readonly all = new Set<string>();
  /** Names of the module calls in requested files. */
  private readonly calls = new Set<string>();

  add({ only }: TerraformModule, { files, calls, components }: EvaluationResponse): void {
    const paths = files.map(cleanPath);
    const requestedPaths = new Set(only?.map(cleanPath) ?? paths);
    for (const file of requestedPaths) this.requested.add(file);
    // A file that a Terraform function reads belongs to the resource whose expression reads it.
    for (const { plan } of components.flat())
      for (const { ranges } of plan.resource_changes)
        if (requestedPaths.has(paths[ranges[""]?.[0] ?? -1] ?? ""))
          for (const [number] of Object.values(ranges)) {
            const file = paths[number] ?? "";
            if (!isTerraform(file)) this.requested.add(file);
          }
    for (const file of paths) this.all.add(file);
    for (const [name, file] of Object.entries(calls))
      if (requestedPaths.has(cleanPath(file))) this.calls.add(name);
  }

  /** Returns whether the file, or the call of the resource's module, is requested. Files of no module always are. */
  includes(file: string, resource: string): boolean {
    const call = /^module\.([^.[]+)/.exec(resource)?.[1] ?? "";
    return this.calls.has(call) || this.requested.has(cleanPath(file)) || !this.all.has(cleanPath(file));
  }
}
