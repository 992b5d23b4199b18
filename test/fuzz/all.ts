/** The fuzz targets, by name. */
import type { Target } from "./harness/target.ts";
import { bundleTarget } from "./targets/bundle.ts";
import { lambdaTarget, runTaskTarget } from "./targets/callbacks.ts";
import { configTarget } from "./targets/config.ts";
import { exceptionTarget } from "./targets/exceptions.ts";
import { formatTargets } from "./targets/formats.ts";
import { jsonTarget, yamlTarget } from "./targets/parsers.ts";
import { httpTarget, protocolTarget } from "./targets/protocols.ts";
import { reporterTarget } from "./targets/reporters.ts";
import { rulesTarget } from "./targets/rules.ts";
import { expressionTarget, moduleTarget } from "./targets/terraform.ts";
import { treeTarget } from "./targets/tree.ts";

const targets: readonly Target[] = [
  jsonTarget,
  yamlTarget,
  ...formatTargets,
  expressionTarget,
  moduleTarget,
  exceptionTarget,
  reporterTarget,
  rulesTarget,
  bundleTarget,
  protocolTarget,
  httpTarget,
  runTaskTarget,
  lambdaTarget,
  configTarget,
  treeTarget,
];

export const targetNames: readonly string[] = targets.map(({ name }) => name);

export function targetNamed(name: string): Target {
  const target = targets.find((candidate) => candidate.name === name);
  if (target === undefined)
    throw new Error(`No target is called ${name}. Targets: ${targetNames.join(", ")}.`);
  return target;
}
