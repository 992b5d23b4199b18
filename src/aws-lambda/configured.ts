import { bundledRules, version } from "../cli/assets.ts";
import { type Call, valuesOf, wrongValue } from "../cli/call.ts";
import { readEnvironment } from "../cli/environment.ts";
import type { Io } from "../cli/io.ts";
import { optionsFor } from "../cli/run.ts";
import { loadConfig } from "../config/index.ts";
import { revisionOf } from "../engine/revision.ts";
import { type Decide, decider } from "../server/decide.ts";
import type { FailMode } from "../server/protocol.ts";
import { problemWords } from "../server/words.ts";

/** How invocations are decided, or why none can be. */
export type Configured = ({ decide: Decide } | { failure: string; mode: FailMode }) & {
  /** What does not take effect and might have been meant to. */
  remarks?: string[];
};

/** From the environment, and from a configuration that lies beside the function. Never throws. */
export function configured(io: Io): Configured {
  // A mode that cannot be read is the strict one.
  const mode: FailMode = io.env["KEYWARDEN_FAIL_MODE"] === "open" ? "open" : "closed";
  try {
    const made = decideFor(io);
    return typeof made === "string" ? { failure: made, mode } : made;
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error), mode };
  }
}

function decideFor(io: Io): { decide: Decide; remarks: string[] } | string {
  const environment = readEnvironment(io);
  if (typeof environment === "string") return `Wrong environment: ${environment}.`;
  const remarks = environment.remarks.map(({ file, message }) => `${file} ${message}`);
  const { "config-file": file } = environment.values;
  const rules = bundledRules(io);
  const loaded = loadConfig({ cwd: io.cwd, rules, ...(file === undefined ? {} : { file }) });
  if (loaded.problems.length > 0) return `Wrong configuration: ${problemWords(loaded.problems)}`;
  const values = { ...valuesOf(loaded.config), ...environment.values };
  const wrong = wrongValue(values);
  if (wrong !== undefined) return `Wrong configuration: ${wrong}.`;
  const mode = values["fail-mode"] ?? "closed";
  if (mode !== "closed" && mode !== "open") return `The fail mode is ${mode}: allowed is closed or open.`;
  const call: Call = { names: [], values, compat: false, remarks: environment.remarks, loaded, io };
  const options = optionsFor(call, values.baseline);
  if ("what" in options) return `${options.what}: ${problemWords(options.problems)}`;
  const decide = decider({
    mode,
    revision: revisionOf(io.asset("bundles/policy.wasm")),
    version: version(io),
    check: options,
    failOnWarn: values["fail-on-warn"] === true,
    noFail: values["no-fail"] === true,
  });
  // While a function starts, Lambda gives it a whole processor; later, a share of one by its memory.
  decide([{ path: "warm", text: SMALL }]);
  return { decide, remarks };
}

const SMALL = '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"KeyPolicy":{"Statement":[]}}}}}';
