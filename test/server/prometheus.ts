import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestOptions } from "node:http";
import { join } from "node:path";
import { dump, load } from "js-yaml";
import { root } from "./bundle-support.ts";
import { ask, scratch } from "./served.ts";

const promrules = join(root, ".cache/promrules/promrules");
/** Options of tests that need the engine of Prometheus. */
export const withPrometheus = {
  skip: existsSync(promrules) ? false : "promrules is not built: make promrules",
};

export interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
}

interface RuleFile {
  groups: { name: string; rules: Rule[] }[];
}

/** The rule file inside of the PrometheusRule object. */
const ruleFile = (
  load(readFileSync(join(root, "deploy/monitoring/prometheusrule.yaml"), "utf8")) as { spec: RuleFile }
).spec;
export const alertRules = ruleFile.groups.flatMap(({ rules }) => rules);

/** One sample for each series, as Prometheus stores them. The keys are like `up{instance="a",job="b"}`. */
export type Scrape = { at: number; samples: Map<string, number> };

export interface Sample {
  name: string;
  labels: { [label: string]: string };
  value: number;
}

/** Parses the Prometheus text format. */
function parseMetrics(text: string): Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
      if (name === "") throw new Error(`not a sample: ${line}`);
      return {
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/(\w+)="((?:\\.|[^"\\])*)"/g)].map(([, label, text]) => [label, text]),
        ),
        value: Number(value),
      };
    });
}

type ScrapeOptions = RequestOptions & { ca?: Buffer };

/** Returns the metrics of a server, or undefined if it does not return them. */
export async function samplesOf(url: string, options: ScrapeOptions = {}): Promise<Sample[] | undefined> {
  const answer = await ask(`${url}/metrics`, { agent: false, ...options }).catch(() => undefined);
  return answer?.status === 200 ? parseMetrics(answer.body) : undefined;
}

/** Scrapes a server as Prometheus does, with the labels of its target and the metric `up`. */
export async function scrape(
  url: string,
  { instance = "server-1", ...options }: { instance?: string } & ScrapeOptions = {},
): Promise<Scrape> {
  const target = { instance, job: "keywarden", namespace: "keywarden" };
  const key = (name: string, labels: object) =>
    `${name}{${Object.entries({ ...labels, ...target })
      .map(([label, value]) => `${label}="${value}"`)
      .join(",")}}`;
  const samples = await samplesOf(url, options);
  return {
    at: Date.now() / 1000,
    samples: new Map([
      [key("up", {}), samples === undefined ? 0 : 1],
      ...(samples ?? []).map(({ name, labels, value }) => [key(name, labels), value] as const),
    ]),
  };
}

/** Returns the sum of the samples of a metric that have these labels. */
export const sumOf = ({ samples }: Scrape, name: string, labels: { [label: string]: string } = {}): number =>
  [...samples]
    .filter(
      ([series]) =>
        series.startsWith(`${name}{`) &&
        Object.entries(labels).every(([label, value]) => series.includes(`${label}="${value}"`)),
    )
    .reduce((sum, [, value]) => sum + value, 0);

/** Combines the scrapes of several servers at the same time. */
export const together = (...scrapes: Scrape[]): Scrape => ({
  at: Math.max(...scrapes.map(({ at }) => at)),
  samples: new Map(scrapes.flatMap(({ samples }) => [...samples])),
});

interface Timeline {
  /** Minutes from one scrape to the next, in which every scrape has the same result. */
  step?: number;
  /** Minutes for which the last scrape has the same result. */
  hold?: number;
}

/**
 * Returns the input series of `promtool test rules`. Scrapes get new times, minutes apart. A timestamp in a metric keeps
 * its age, unless it is the same as in the scrape before.
 */
function seriesOf(scrapes: Scrape[], { step = 1, hold = 1 }: Timeline): { series: string; values: string }[] {
  const names = new Set(scrapes.flatMap(({ samples }) => [...samples.keys()]));
  return [...names].map((series) => {
    let [raw, mapped]: [number | undefined, number] = [undefined, 0];
    const values = scrapes.flatMap(({ at, samples }, index) => {
      const value = samples.get(series);
      const isTimestamp = /^\w+_timestamp_seconds\{/.test(series);
      if (value !== undefined && value !== raw)
        mapped = isTimestamp ? index * step * 60 + (value - at) : value;
      raw = value;
      const count = index === scrapes.length - 1 ? hold : step;
      // Prometheus marks a series as stale if a scrape no longer has it.
      return value === undefined ? ["stale", ...Array(count - 1).fill("_")] : Array(count).fill(mapped);
    });
    return { series, values: values.join(" ").replace(/^(stale|_)(?= )/, "_") };
  });
}

interface Alert {
  labels: { [name: string]: string };
  annotations: { [name: string]: string };
}

interface Evaluation {
  /** Alerts that fire in each minute. */
  firing: Alert[][];
  /** Metrics in the rules and the expressions. */
  selectors: { metric: string; matchers: { label: string; operator: string; value: string }[] }[];
}

/** Evaluates the rules with the engine of Prometheus. Throws an Error if it does not accept the rules or an expression. */
export function evaluate({
  scrapes = [],
  timeline = {},
  expressions = [],
}: {
  scrapes?: Scrape[];
  timeline?: Timeline;
  expressions?: string[];
}): Evaluation {
  const path = join(scratch(), "rules.yaml");
  writeFileSync(path, dump(ruleFile));
  const { step = 1, hold = 1 } = timeline;
  const minutes = scrapes.length === 0 ? 0 : (scrapes.length - 1) * step + hold;
  const { status, stdout, stderr } = spawnSync(promrules, {
    input: JSON.stringify({ ruleFile: path, series: seriesOf(scrapes, timeline), minutes, expressions }),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Asserts that exactly these alerts fire in the last minute, and none before the second scrape. */
export function assertFiring(scrapes: Scrape[], expected: string[], timeline: Timeline = {}): void {
  const { firing } = evaluate({ scrapes, timeline });
  const namesIn = (alerts: Alert[] | undefined) => [
    ...new Set(alerts?.map(({ labels }) => labels["alertname"]).sort()),
  ];
  assert.deepEqual(namesIn(firing.at(-1)), expected);
  for (const alerts of firing.slice(0, timeline.step ?? 1)) assert.deepEqual(namesIn(alerts), []);
  for (const { annotations } of firing.flat())
    assert.doesNotMatch(Object.values(annotations).join(), /<error|no value|%!/);
}
