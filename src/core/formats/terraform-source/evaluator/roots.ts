import { addToGroup } from "../../../model/groups.ts";
import type { ModuleScan } from "../../../model/terraform-evaluation.ts";
import type { TerraformModule } from "../../../model/terraform-module.ts";

/** A root module. `isExample`: an example or a test of the root module above it, which it calls. */
export interface RootModule extends TerraformModule {
  isExample?: true;
}

/**
 * Returns the root modules: those that no module calls, except from a subdirectory, as examples and tests do. If modules
 * call each other in a cycle, the first one by path is a root module. Modules that neither contain nor call anything
 * related to KMS keys are omitted.
 */
export function rootModulesOf(
  modules: TerraformModule[],
  scan: (module: TerraformModule, directory: string) => ModuleScan,
): RootModule[] {
  const calls = new ModuleCalls(scan);
  const sorted = [...modules].sort((a, b) => (a.directory < b.directory ? -1 : 1));
  const identity = ({ files, directory }: TerraformModule) => files.identity(directory);
  const calledBy = new Map(sorted.map((module) => [module, calls.reachableFrom(module)]));
  const callers = new Map<string, TerraformModule[]>();
  for (const [caller, called] of calledBy) for (const id of called) addToGroup(callers, id, caller);
  const rank = new Map(sorted.map((module, index) => [module, index]));
  const isBefore = (module: TerraformModule, other: TerraformModule) =>
    (rank.get(module) ?? 0) < (rank.get(other) ?? 0);
  const isRoot = (module: TerraformModule) =>
    (callers.get(identity(module)) ?? []).every(
      (caller) =>
        caller === module ||
        isBelow(identity(caller), identity(module)) ||
        (calledBy.get(module)?.has(identity(caller)) === true && isBefore(module, caller)),
    );
  const roots = sorted.filter((module) => isRoot(module) && calls.concernsKeys(module));
  const isExampleOf = (module: TerraformModule) => (other: TerraformModule) =>
    isBelow(identity(module), identity(other)) && calledBy.get(module)?.has(identity(other)) === true;
  return roots.map((module) => (roots.some(isExampleOf(module)) ? { ...module, isExample: true } : module));
}

/** Returns whether a path is below a directory. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && (directory === "." ? !/^(\.\.)?\//.test(path) : path.startsWith(`${directory}/`));

/** The module calls of directories. Each directory is scanned once. */
class ModuleCalls {
  private readonly scans = new Map<string, ModuleScan>();

  constructor(private readonly scanner: (module: TerraformModule, directory: string) => ModuleScan) {}

  /** Returns the identities of the directories that a module calls, directly or through other modules. */
  reachableFrom(module: TerraformModule): Set<string> {
    const { files, directory } = module;
    const reached = new Set<string>();
    const queue = [directory];
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      for (const call of this.scan(module, next).calls) {
        const identity = files.identity(call);
        if (reached.has(identity)) continue;
        reached.add(identity);
        queue.push(call);
      }
    return reached;
  }

  concernsKeys(module: TerraformModule): boolean {
    const own = this.scan(module, module.directory);
    // A module with problems is kept, because only its evaluation reports them.
    const isRelevant = ({ concerns, problems }: ModuleScan) => concerns || problems.length > 0;
    return (
      isRelevant(own) ||
      [...this.reachableFrom(module)].some((id) => isRelevant(this.scans.get(id) as ModuleScan))
    );
  }

  private scan(module: TerraformModule, directory: string): ModuleScan {
    const identity = module.files.identity(directory);
    const scan = this.scans.get(identity) ?? this.scanner(module, directory);
    this.scans.set(identity, scan);
    return scan;
  }
}
