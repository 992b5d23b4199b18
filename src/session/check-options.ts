import { setFlagsFromString } from "node:v8";
import { loadEngine } from "../core/engine/engine.ts";
import { loadTerraform } from "../core/formats/terraform-source/evaluator/terraform.ts";
import { bounded } from "../core/formats/terraform-source/evaluator/wasm.ts";
import { withTarget } from "../core/model/format.ts";
import type { Problem, Source } from "../core/model/source.ts";
import type { CheckOptions, NormalizeInputsOptions } from "../core/options.ts";
import { readData } from "../node/data.ts";
import { readSource } from "../node/source.ts";
import { bundledRules } from "./assets.ts";
import { levelsOf, placeIn, placesOf, settingsFor } from "./config/index.ts";
import type { Config } from "./config/types.ts";
import type { Call } from "./invocation.ts";
import { settingsOf } from "./rule-settings.ts";

/** Why a call has nothing to check with. */
export interface Wrong {
  what: string;
  problems: Problem[];
}

/** What a call checks with. `baseline`: findings that are known. */
export function optionsFor(call: Call, baseline: string | undefined): CheckOptions | Wrong {
  const { config } = call.loaded;
  const { pages } = call.io;
  const engine = loadEngine(
    call.io.asset("bundles/policy.wasm"),
    bundledRules(call.io),
    pages === undefined ? {} : { maxMemoryPages: pages },
  );
  const data = new Map((call.values.data ?? []).map((path) => [path, readData(path)]));
  const settings = settingsOf(data, engine.rules);
  if (Array.isArray(settings)) return { what: "wrong setting", problems: settings };
  const suppressions = config.suppressions.map(readSource);
  const known = baseline === undefined ? undefined : readSource(baseline);
  const all = known === undefined ? suppressions : [...suppressions, known];
  const unread = all.filter((read): read is Problem => "message" in read);
  if (unread.length > 0) return { what: "cannot read", problems: unread };
  return {
    ...normalizeOptions(call),
    engine,
    settings: settingsFor(config, settings as Config["settings"]),
    levels: levelsOf(config, engine.rules),
    suppressions: suppressions as Source[],
    inlineSuppressions: call.values["no-inline-suppressions"] !== true,
    ...(known === undefined ? {} : { baseline: known as Source }),
  };
}

export function normalizeOptions({ values, loaded, io }: Call): NormalizeInputsOptions {
  const { config } = loaded;
  return {
    ...withTarget(placesOf(config), placeIn(values)),
    terraform: loadTerraform(() => {
      // To optimize a Go program takes longer than nearly all runs last: without, a small directory takes a third of
      // the time, and 3,000 resources two thirds.
      if (io.longRunning !== true) setFlagsFromString("--liftoff-only");
      const module = io.asset("bundles/terraform.wasm");
      return io.pages === undefined ? module : bounded(module, io.pages);
    }),
    variables: Object.fromEntries((values.var ?? []).map(nameAndValue)),
    variableFiles: values["var-file"] ?? [],
  };
}

const nameAndValue = (given: string): [name: string, value: string] => {
  const end = given.indexOf("=");
  return [given.slice(0, end), given.slice(end + 1)];
};
