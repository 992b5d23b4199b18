/** Reconstructs Terraform source from the JSON of a plan, for the rule pages. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Mapping = { [key: string]: Json };

interface Change {
  address: string;
  module_address?: string;
  mode: string;
  type: string;
  name: string;
  change: { actions: string[]; before: Mapping | null; after: Mapping | null; after_unknown?: Mapping };
}

interface Plan {
  resource_changes?: Change[];
  configuration?: { provider_config?: { [key: string]: Mapping }; root_module?: Mapping };
}

/** Returns the resources of a plan as blocks. A comment describes the change to an existing resource. */
export function hclOf(plan: Plan): string {
  const seen = new Set<string>();
  const blocks = providers(plan);
  for (const change of plan.resource_changes ?? []) {
    const address = change.address.replace(/\[(?:\d+|"[^"]*")\]/g, "");
    if (seen.has(address)) continue;
    seen.add(address);
    blocks.push(resource(change, configurationOf(plan, change)));
  }
  return `${blocks.join("\n\n")}\n`;
}

/** Returns the provider blocks if there are several, because resources then refer to one of them. */
function providers({ configuration }: Plan): string[] {
  const all = Object.values(configuration?.provider_config ?? {});
  if (all.length < 2) return [];
  return all.map((provider) => {
    const expressions = (provider["expressions"] ?? {}) as Mapping;
    const alias = provider["alias"] === undefined ? [] : [`alias = ${quoted(String(provider["alias"]))}`];
    const region = expressions["region"] === undefined ? [] : [`region = ${written(expressions["region"])}`];
    return block(`provider ${quoted(String(provider["name"]))}`, [...alias, ...region]);
  });
}

function configurationOf({ configuration }: Plan, change: Change): Mapping | undefined {
  let module = configuration?.root_module;
  for (const [, name = ""] of (change.module_address ?? "").matchAll(/module\.([\w-]+)/g)) {
    const calls = module?.["module_calls"] as { [name: string]: Mapping } | undefined;
    module = calls?.[name]?.["module"] as Mapping | undefined;
  }
  const resources = (module?.["resources"] ?? []) as Mapping[];
  return resources.find(
    (r) => r["type"] === change.type && r["name"] === change.name && (r["mode"] ?? "managed") === change.mode,
  );
}

function resource({ module_address, mode, type, name, change }: Change, written?: Mapping): string {
  const { actions, before, after } = change;
  const values = after ?? before ?? {};
  const expressions = written?.["expressions"] as Mapping | undefined;
  const lines = meta(written);
  for (const key of Object.keys(expressions ?? values)) {
    const unknown = change.after_unknown?.[key] === true && after !== null;
    const lists = argument(key, values[key] ?? null, expressions?.[key], unknown);
    const was = before !== null && after !== null ? before[key] : undefined;
    if (
      was !== undefined &&
      !unknown &&
      JSON.stringify(was) !== JSON.stringify(values[key]) &&
      lists.length === 1
    )
      lines.push(`${lists[0]} # was ${literal(was)}`);
    else lines.push(...lists);
  }
  const kind = mode === "data" ? "data" : "resource";
  const notes = [
    ...(module_address === undefined ? [] : [`# in ${module_address}`]),
    ...(outcomes[actions.join()] === undefined ? [] : [`# ${outcomes[actions.join()]}`]),
  ];
  return [...notes, block(`${kind} ${quoted(type)} ${quoted(name)}`, lines)].join("\n");
}

const outcomes: { [actions: string]: string } = {
  delete: "will be destroyed",
  "delete,create": "will be replaced",
  "create,delete": "will be replaced",
  update: "will be changed in place",
  forget: "will be forgotten",
};

function meta(written: Mapping | undefined): string[] {
  const lines: string[] = [];
  const provider = String(written?.["provider_config_key"] ?? "");
  if (provider.includes(".")) lines.push(`provider = ${provider.split(":").at(-1)}`);
  for (const [key, name] of [
    ["count_expression", "count"],
    ["for_each_expression", "for_each"],
  ] as const)
    if (written?.[key] !== undefined)
      lines.push(`${name} = ${writtenOr(written[key], "(known after apply)")}`);
  return lines;
}

/** Returns the lines of an argument, or none if the source omits it. */
function argument(key: string, value: Json, expression: Json | undefined, unknown: boolean): string[] {
  if (isBlock(expression)) {
    const blocks = (Array.isArray(expression) ? expression : [expression]) as Mapping[];
    const values = (Array.isArray(value) ? value : [value]) as (Mapping | null)[];
    return blocks.flatMap((inner, i) => [
      "",
      block(
        key,
        Object.keys(inner).flatMap((name) =>
          argument(name, values[i]?.[name] ?? null, inner[name], values[i]?.[name] === undefined),
        ),
      ),
    ]);
  }
  const referenced = reference(expression);
  if (
    referenced !== undefined &&
    (unknown || value === null || /^(key_id|target_key_id|primary_key_arn|kms_key)/.test(key))
  )
    return [`${key} = ${referenced}`];
  if (unknown) return expression === undefined ? [] : [`${key} = (known after apply)`];
  if (value === null) return [];
  return [`${key} = ${/policy|json/.test(key) ? policy(value) : literal(value)}`];
}

const isBlock = (expression: Json | undefined): boolean =>
  Array.isArray(expression) ||
  (typeof expression === "object" &&
    expression !== null &&
    !("constant_value" in expression) &&
    !("references" in expression) &&
    Object.keys(expression).length > 0);

/** Returns the reference in an expression, or undefined unless there is exactly one. */
function reference(expression: Json | undefined): string | undefined {
  const references = (expression as { references?: string[] } | undefined)?.references;
  const [first] = references ?? [];
  return first !== undefined && references?.every((other) => first.startsWith(other)) ? first : undefined;
}

const written = (expression: Json): string => writtenOr(expression, "null");

function writtenOr(expression: Json | undefined, otherwise: string): string {
  const constant = (expression as { constant_value?: Json } | undefined)?.constant_value;
  return constant === undefined ? (reference(expression) ?? otherwise) : literal(constant);
}

/** Returns a policy as `jsonencode`; a plan contains it as a JSON string. */
function policy(value: Json): string {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value)) return literal(value);
  try {
    return `jsonencode(${literal(JSON.parse(value))})`;
  } catch {
    return literal(value);
  }
}

function literal(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    const items = value.map(literal);
    const line = `[${items.join(", ")}]`;
    if (line.length <= 80 && !line.includes("\n")) return line;
    if (items.length === 1) return `[${items[0]}]`;
    return `[\n${items.map((item) => `${indented(item)},\n`).join("")}]`;
  }
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  if (entries.length === 0) return "{}";
  const lines = entries.map(
    ([key, one]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : quoted(key)} = ${literal(one)}`,
  );
  const [line] = lines;
  if (lines.length === 1 && line && line.length <= 80 && !line.includes("\n")) return `{ ${line} }`;
  return `{\n${indented(aligned(lines).join("\n"))}\n}`;
}

/** Policy elements in their usual order; a plan sorts them alphabetically. */
const ELEMENTS =
  "Version Id Statement Sid Effect Principal NotPrincipal Action NotAction Resource Condition".split(" ");

const rank = (name: string): number => (ELEMENTS.includes(name) ? ELEMENTS.indexOf(name) : ELEMENTS.length);

const quoted = (text: string): string => JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&");

const block = (head: string, lines: string[]): string =>
  lines.length === 0 ? `${head} {}` : `${head} {\n${indented(aligned(lines).join("\n"))}\n}`;

const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");

/** Aligns the equals signs of adjacent one-line arguments, as `terraform fmt` does. */
function aligned(lines: string[]): string[] {
  const result: string[] = [];
  let group: [string, string][] = [];
  const flush = () => {
    const width = Math.max(0, ...group.map(([key]) => key.length));
    result.push(...group.map(([key, rest]) => `${key.padEnd(width)} = ${rest}`));
    group = [];
  };
  for (const text of lines) {
    const [, key, rest] = /^("[^"]*"|[\w.]+) = (.*)$/.exec(text) ?? [];
    if (key !== undefined && rest !== undefined && !text.includes("\n")) group.push([key, rest]);
    else {
      flush();
      result.push(text);
    }
  }
  flush();
  return result;
}
