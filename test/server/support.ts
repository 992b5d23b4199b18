import { readFileSync } from "node:fs";
import { type Engine, loadEngine } from "../../src/engine/engine.ts";
import { type Decide, type DecideOptions, decider } from "../../src/server/decide.ts";

export const root = new URL("../../", import.meta.url);
export const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

export const engine: Engine = loadEngine(
  readFileSync(new URL("bundles/policy.wasm", root)),
  JSON.parse(read("bundles/rules.json")),
);

export const decideBy = ({ check, ...options }: Partial<DecideOptions> = {}): Decide =>
  decider({
    mode: "closed",
    revision: "test",
    version: "0.0.0",
    failOnWarn: false,
    noFail: false,
    ...options,
    check: { engine, ...check },
  });
