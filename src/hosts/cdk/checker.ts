import { type Engine, loadEngine } from "../../core/engine/engine.ts";
import type { Report, RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { check } from "../../core/pipeline.ts";
import { readSource } from "../../node/source.ts";
import { levelsOf, placeOf, settingsFor } from "../../session/config/index.ts";
import type { Config } from "../../session/config/types.ts";
import { configWith } from "../../session/config/with.ts";
import type { StackTemplate } from "./templates.ts";
import type { KeywardenOptions } from "./types.ts";

export interface CdkChecker {
  rules: RuleInfo[];
  version: string;
  failOn: NonNullable<KeywardenOptions["failOn"]>;
  /** Never throws for what stands in a template. */
  check(templates: StackTemplate[]): Report;
}

export interface Surroundings {
  /** A file of the package, by its path from the root. */
  asset: (path: string) => Uint8Array;
  cwd: string;
}

/** Apps with several plugins, and tests that synthesize again and again, share the compiled rules. */
let engine: Engine | undefined;

/** Throws an Error where the options or the configuration are wrong. */
export function checkerFor(options: KeywardenOptions, { asset, cwd }: Surroundings): CdkChecker {
  const json = (path: string) => JSON.parse(Buffer.from(asset(path)).toString());
  const rules: RuleInfo[] = json("bundles/rules.json");
  const config = configOf(options, rules, cwd);
  const place = placeOf(config);
  return {
    rules,
    version: json("package.json").version,
    failOn: failOnIn(options, config),
    check(templates) {
      engine ??= loadEngine(asset("bundles/policy.wasm"), rules);
      const byFile = new Map(templates.map((template) => [template.displayPath, template]));
      const contents = templates.map(({ content }) => content);
      const suppressions = config.suppressions.map(readSource);
      const baseline = config.baseline === undefined ? [] : [readSource(config.baseline)];
      const report = check(
        contents.filter((content): content is Source => !isProblem(content)),
        {
          engine,
          settings: settingsFor(config),
          levels: levelsOf(config, rules),
          suppressions: suppressions.filter((read): read is Source => !isProblem(read)),
          ...Object.fromEntries(
            baseline.filter((read) => !isProblem(read)).map((read) => ["baseline", read]),
          ),
          // What a stack says of itself is known; the configuration says the rest.
          placeOf: (path) => ({ ...place(path), ...byFile.get(path)?.target }),
        },
      );
      const unread = [...contents, ...suppressions, ...baseline].filter(isProblem);
      return { ...report, problems: [...unread, ...report.problems] };
    },
  };
}

function configOf(options: KeywardenOptions, rules: RuleInfo[], cwd: string): Config {
  const { config: file, failOn: _, ...said } = options;
  const { config, problems } = configWith({ cwd, file, rules, said, by: "the options of KeywardenPlugin" });
  if (problems.length === 0) return config;
  const words = problems.map(({ file, line, message, remedy }) =>
    `${file}${line === undefined ? "" : `:${line}`}: ${message} ${remedy}`.trim(),
  );
  throw new Error(`keywarden: wrong configuration: ${words.join("\n")}`);
}

function failOnIn({ failOn }: KeywardenOptions, { flags }: Config): CdkChecker["failOn"] {
  if (failOn === undefined) return flags["fail-on-warn"] === true ? "warning" : "error";
  if (["error", "warning", "note"].includes(failOn)) return failOn;
  throw new Error(`keywarden: failOn is ${JSON.stringify(failOn)}: allowed is error, warning or note.`);
}
