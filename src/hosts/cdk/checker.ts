import { type Engine, loadEngine } from "../../core/engine/engine.ts";
import { plainLine } from "../../core/model/escape.ts";
import type { Report, RuleInfo } from "../../core/model/report.ts";
import type { Source, UnseenPart } from "../../core/model/source.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { checkInputs } from "../../core/pipeline.ts";
import { assembleCheckOptions } from "../../session/assemble.ts";
import { type ConfigResult, loadConfigFile } from "../../session/config/index.ts";
import { isUnsupported, toJson, unsupportedMessage } from "../../session/config/json.ts";
import { mergeLayers } from "../../session/config/merge.ts";
import { objectLayers, objectProblems } from "../../session/config/object.ts";
import type { Config } from "../../session/config/types.ts";
import { readReferencedFiles } from "../../session/read-files.ts";
import type { StackTemplate } from "./templates.ts";
import type { KeywardenOptions } from "./types.ts";

export interface CdkChecker {
  rules: RuleInfo[];
  version: string;
  failOn: NonNullable<KeywardenOptions["failOn"]>;
  /** Never throws for the content of a template. */
  check(templates: StackTemplate[]): Report;
}

export interface CdkEnvironment {
  /** Returns a file of the package, by its path from the package root. */
  asset: (path: string) => Uint8Array;
  cwd: string;
}

/** Apps with several plugins, and tests that synthesize often, share the compiled rules. */
let engine: Engine | undefined;

/** Throws an Error if the options or the config are invalid. */
export function checkerFor(options: KeywardenOptions, { asset, cwd }: CdkEnvironment): CdkChecker {
  const json = (path: string) => JSON.parse(Buffer.from(asset(path)).toString());
  const rules: RuleInfo[] = json("bundles/rules.json");
  const config = configFor(options, rules, cwd);
  const failOnUnknown = failOnUnknownRules(options, rules);
  return {
    rules,
    version: json("package.json").version,
    failOn: failOnLevel(options, config),
    check(templates) {
      engine ??= loadEngine(asset("bundles/policy.wasm"), rules);
      const byPath = new Map(templates.map((template) => [template.displayPath, template]));
      const contents = templates.map(({ content }) => content);
      const files = readReferencedFiles(config, rules);
      const report = checkInputs(
        contents.filter((content): content is Source => !isProblem(content)),
        assembleCheckOptions({
          config,
          engine,
          suppressions: files.suppressions,
          baseline: files.baseline,
          failOnUnknown,
          // A stack knows its environment better than the config.
          knownTarget: (path) => byPath.get(path)?.target ?? {},
        }),
      );
      const unread = [...contents.filter(isProblem), ...files.readProblems];
      return {
        ...report,
        problems: [...unread, ...report.problems],
        unseen: report.unseen.filter((part) => !isNestedStackConstruct(part)),
      };
    },
  };
}

/** Returns whether a part is a `NestedStack` of the CDK. The templates include those of all nested stacks of the app. */
const isNestedStackConstruct = ({ kind, resource = "" }: UnseenPart): boolean =>
  kind === "nested-stack" && /NestedStackResource[0-9A-F]{8}$/.test(resource);

const OPTIONS = "the options of KeywardenPlugin";

/** Returns the config file with the options of the plugin, which take precedence. Throws an Error. */
function configFor(options: KeywardenOptions, rules: RuleInfo[], cwd: string): Config {
  const { config: file, failOn: _, failOnUnknown: __, ...others } = options;
  const value = toJson(others);
  if (isUnsupported(value)) throw new Error(`keywarden: ${unsupportedMessage(value, OPTIONS)}`);
  const { layers, problems }: Pick<ConfigResult, "layers" | "problems"> =
    file === false ? { layers: [], problems: [] } : loadConfigFile({ cwd, file, rules });
  const all = [...problems, ...objectProblems(value, rules, OPTIONS)];
  if (all.length === 0) return mergeLayers(cwd, [...layers, ...objectLayers(value, cwd, OPTIONS)]);
  const lines = all.map(({ file, line, message, remedy }) =>
    plainLine(`${file}${line === undefined ? "" : `:${line}`}: ${message} ${remedy}`.trim()),
  );
  throw new Error(`keywarden: invalid config: ${lines.join("\n")}`);
}

function failOnLevel({ failOn }: KeywardenOptions, { flags }: Config): CdkChecker["failOn"] {
  if (failOn === undefined) return flags["fail-on-warn"] === true ? "warning" : "error";
  if (["error", "warning", "note"].includes(failOn)) return failOn;
  throw new Error(`keywarden: failOn is ${JSON.stringify(failOn)}; it must be error, warning or note.`);
}

function failOnUnknownRules({ failOnUnknown }: KeywardenOptions, rules: RuleInfo[]) {
  if (failOnUnknown === undefined || typeof failOnUnknown === "boolean") return failOnUnknown;
  const ids = rules.map(({ id }) => id);
  const missing = failOnUnknown.find((rule) => !ids.includes(rule));
  if (missing === undefined) return failOnUnknown;
  throw new Error(`keywarden: failOnUnknown: there is no rule ${JSON.stringify(missing)}.`);
}
