import { setFlagsFromString } from "node:v8";
import { type CheckOptions, check, type NormalizeOptions, nothingFound } from "../check.ts";
import { levelsOf, placeIn, placesOf, settingsFor } from "../config/index.ts";
import { type Engine, loadEngine } from "../engine/engine.ts";
import { readData } from "../io/data.ts";
import { readSource } from "../io/source.ts";
import type { Config } from "../model/config.ts";
import { placedBy } from "../model/format.ts";
import type { Report } from "../model/report.ts";
import type { Problem, Source } from "../model/source.ts";
import { settingsOf } from "../settings.ts";
import { loadTerraform, type Terraform } from "../terraform/terraform.ts";
import { bounded } from "../terraform/wasm.ts";
import { bundledRules } from "./assets.ts";
import type { Call } from "./call.ts";
import { inputs } from "./inputs.ts";
import { type Progress, progressOn } from "./progress.ts";

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
    pages === undefined ? {} : { pages },
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

/** The whole check of what was named, with what could not be read. */
export function run(call: Call, options: CheckOptions): Report {
  const progress = progressOn(call.io);
  const unread: Problem[] = [];
  try {
    const report = check(inputs(call, unread, progress), watched(options, progress));
    return complete(report, unread, call);
  } finally {
    progress.end();
  }
}

/** The steps that take long say what they are at. */
function watched({ engine, terraform, ...options }: CheckOptions, progress: Progress): CheckOptions {
  const evaluate: Engine["evaluate"] = (document, settings) => {
    progress.say(`Checking ${document.keys.length} keys by ${engine.rules.length} rules`);
    return engine.evaluate(document, settings);
  };
  if (terraform === undefined) return { ...options, engine: { ...engine, evaluate } };
  const evaluateModule: Terraform["evaluate"] = (files, request) => {
    progress.say(`Evaluating ${request.directory}`);
    return terraform.evaluate(files, request);
  };
  return {
    ...options,
    engine: { ...engine, evaluate },
    terraform: { ...terraform, evaluate: evaluateModule },
  };
}

/** The report with what could not be read, and a word where there was nothing to check: silence would look like a pass. */
function complete(report: Report, unread: Problem[], { names, remarks }: Call): Report {
  const problems = [...unread, ...report.problems];
  const silent = problems.length === 0 && report.files.length === 0 && report.notices.length === 0;
  const notices = silent ? [{ file: names.join(", "), message: nothingFound }] : report.notices;
  return { ...report, problems, notices: [...remarks, ...notices] };
}

export function normalizeOptions({ values, loaded, io }: Call): NormalizeOptions {
  const { config } = loaded;
  return {
    ...placedBy(placesOf(config), placeIn(values)),
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
