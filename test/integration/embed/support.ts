import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { newRules } from "../../labeled-rules.ts";
import { type Ended, root, run, scratch } from "../support.ts";

const installed = join(root, ".cache/embed/node_modules");

/** aws-cdk-lib and what else programs around Keywarden need is large, and installed apart. */
export const embedded = {
  skip: existsSync(join(installed, "aws-cdk-lib")) ? false : "aws-cdk-lib is not installed: make embed",
};

/** A folder of a program of somebody's own, with Keywarden and what else it needs among its modules. */
export function program(files: { [path: string]: string } = {}, examples?: string): string {
  const folder = scratch();
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(installed).filter((name) => !name.startsWith(".")))
    symlinkSync(join(installed, name), join(modules, name));
  symlinkSync(root, join(modules, "keywarden"));
  if (examples !== undefined) cpSync(join(root, "examples/embed", examples), folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  return folder;
}

/** Runs a program in its folder. `env`: the CDK's own validation takes seconds, and is on where a test is about it. */
export const node = (folder: string, file: string, env: { [name: string]: string } = {}): Ended =>
  run(process.execPath, [file], { cwd: folder, env: { CDK_VALIDATION: "false", NO_COLOR: "1", ...env } });

export interface Violation {
  ruleName: string;
  description: string;
  severity: string;
  suggestedFix?: string;
  ruleMetadata: { [name: string]: string };
  violatingConstructs: {
    constructPath: string;
    cloudFormationResource?: { templatePath: string; logicalId: string; propertyPaths?: string[] };
  }[];
  acknowledgedId?: string;
  reason?: string;
}

export interface PluginReport {
  pluginName: string;
  conclusion: string;
  metadata: { [name: string]: string };
  violations: Violation[];
  suppressedViolations?: Violation[];
}

/** Our part of the CDK's report; undefined where it has nothing to say. */
/** Returns the report of the plugin, without the violations of new rules. */
export function reportIn(folder: string): PluginReport | undefined {
  const file = join(folder, "cdk.out/validation-report.json");
  if (!existsSync(file)) return undefined;
  const { pluginReports } = JSON.parse(readFileSync(file, "utf8")) as { pluginReports: PluginReport[] };
  const report = pluginReports.find(({ pluginName }) => pluginName === "keywarden");
  if (report === undefined) return undefined;
  return { ...report, violations: report.violations.filter(({ ruleName }) => !newRules.includes(ruleName)) };
}

/** Lines such as `error public_access Stack/Key/Resource Properties.KeyPolicy.Statement.0`. */
export const linesOf = (violations: Violation[] = []): string[] =>
  violations
    .flatMap(({ severity, ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath, cloudFormationResource: resource }) =>
        [severity, ruleName, constructPath, ...(resource?.propertyPaths ?? [])].join(" "),
      ),
    )
    .sort();
