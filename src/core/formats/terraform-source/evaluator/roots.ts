import type { ModuleScan } from "../../../model/terraform-evaluation.ts";
import type { TerraformModule } from "../../../model/terraform-module.ts";

/** A root module. `shows`: it is an example or a test of the root module above it, which it calls. */
export interface Root extends TerraformModule {
  shows?: true;
}

/**
 * The configurations that are root modules: those that no other one calls, save from below, as examples and tests do. Of
 * modules that call each other in a circle the first by its path is one. Those that hold nothing that concerns keys, and
 * call nothing that does, are left out.
 */
export function rootsOf(
  configurations: TerraformModule[],
  scan: (configuration: TerraformModule, directory: string) => ModuleScan,
): Root[] {
  const calls = new Calls(scan);
  const all = [...configurations].sort((a, b) => (a.directory < b.directory ? -1 : 1));
  const identity = ({ files, directory }: TerraformModule) => files.identity(directory);
  const called = new Map(all.map((one) => [one, calls.below(one)]));
  const callers = new Map<string, TerraformModule[]>();
  for (const [caller, ids] of called)
    for (const id of ids) {
      const known = callers.get(id);
      if (known === undefined) callers.set(id, [caller]);
      else known.push(caller);
    }
  const rank = new Map(all.map((one, index) => [one, index]));
  const isFirst = (one: TerraformModule, other: TerraformModule) =>
    (rank.get(one) ?? 0) < (rank.get(other) ?? 0);
  const isRoot = (one: TerraformModule) =>
    (callers.get(identity(one)) ?? []).every(
      (caller) =>
        caller === one ||
        isBelow(identity(caller), identity(one)) ||
        (called.get(one)?.has(identity(caller)) === true && isFirst(one, caller)),
    );
  const roots = all.filter((one) => isRoot(one) && calls.concerns(one));
  const above = (one: TerraformModule) => (other: TerraformModule) =>
    isBelow(identity(one), identity(other)) && called.get(one)?.has(identity(other)) === true;
  return roots.map((one) => (roots.some(above(one)) ? { ...one, shows: true } : one));
}

/** Whether a path lies below a directory. */
export const isBelow = (path: string, directory: string): boolean =>
  path !== directory && (directory === "." ? !/^(\.\.)?\//.test(path) : path.startsWith(`${directory}/`));

/** Which directories call which. Each is looked at once. */
class Calls {
  private readonly scans = new Map<string, ModuleScan>();

  constructor(private readonly look: (configuration: TerraformModule, directory: string) => ModuleScan) {}

  /** The directories, by their identities, that are called by a configuration, directly or by others. */
  below(configuration: TerraformModule): Set<string> {
    const { files, directory } = configuration;
    const found = new Set<string>();
    const waiting = [directory];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const call of this.scan(configuration, next).calls) {
        const identity = files.identity(call);
        if (found.has(identity)) continue;
        found.add(identity);
        waiting.push(call);
      }
    return found;
  }

  concerns(configuration: TerraformModule): boolean {
    const own = this.scan(configuration, configuration.directory);
    // A problem is told by the evaluation.
    const matters = ({ concerns, problems }: ModuleScan) => concerns || problems.length > 0;
    return (
      matters(own) || [...this.below(configuration)].some((id) => matters(this.scans.get(id) as ModuleScan))
    );
  }

  private scan(configuration: TerraformModule, directory: string): ModuleScan {
    const identity = configuration.files.identity(directory);
    const scan = this.scans.get(identity) ?? this.look(configuration, directory);
    this.scans.set(identity, scan);
    return scan;
  }
}
