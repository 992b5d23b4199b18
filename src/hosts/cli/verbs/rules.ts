import { explain as explained } from "../../../reporters/explain.ts";
import { rulesTable } from "../../../reporters/rules.ts";
import { bundledRules } from "../../../session/assets.ts";
import { closest } from "../../../session/flags/closest.ts";
import type { Call } from "../../../session/invocation.ts";
import { deliver, type Look } from "../deliver.ts";
import { readOutputs } from "../outputs.ts";

/** `keywarden rules`: all of them. */
export function rules(call: Call): number | string {
  const all = bundledRules(call.io);
  return show(call, all, (look) => rulesTable(all, look));
}

/** `keywarden explain RULE`: all about one. */
export function explain(call: Call): number | string {
  const [name = "", ...others] = call.names;
  if (others.length > 0) return "name one rule";
  const all = bundledRules(call.io);
  const rule = all.find(({ id }) => id === name.replaceAll("-", "_"));
  if (rule === undefined) {
    const ids = all.map(({ id }) => id);
    return `there is no rule ${name}${closest(name, ids) || ":"} keywarden rules lists them`;
  }
  return show(call, rule, (look) => explained(rule, look));
}

/** For people, or all of it as JSON. */
function show(call: Call, value: object, text: (look: Look) => string): number | string {
  const outputs = readOutputs({ given: call.values.output, known: ["text", "json"], compat: false });
  if (typeof outputs === "string") return outputs;
  return deliver(call, outputs, 0, (form, look) =>
    form === "json" ? `${JSON.stringify(value, null, 2)}\n` : text(look),
  );
}
