/**
 * Generates docs/rules/, with a page for each rule and an index, and the reports in the README. Run by `make docs`;
 * `--verify` exits with 1 if the files are out of date with the rules and their examples.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Engine, loadEngine } from "../../src/core/engine/engine.ts";
import { categories, type RuleInfo } from "../../src/core/model/report.ts";
import { checkInputs } from "../../src/core/pipeline.ts";
import { renderText } from "../../src/reporters/text.ts";
import { advice } from "./advice.ts";
import { page } from "./page.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (path: string): string => readFileSync(root + path, "utf8");

/** Returns the generated files by path. */
export function documentation(): { [path: string]: string } {
  const rules = JSON.parse(read("bundles/rules.json")) as RuleInfo[];
  const engine = loadEngine(readFileSync(`${root}bundles/policy.wasm`), rules);
  const pages = rules.map((rule) => [`docs/rules/${rule.id}.md`, page(rule, engine)]);
  return {
    ...Object.fromEntries(pages),
    "docs/rules/README.md": index(rules),
    "README.md": withReports(read("README.md"), engine),
  };
}

/** Returns the paths of files that are changed or missing, and of pages whose rule no longer exists. */
export function stale(files = documentation()): string[] {
  const changed = Object.entries(files).filter(([path, content]) => !isSame(path, content));
  return [...changed.map(([path]) => path), ...leftOver(files)];
}

const isSame = (path: string, content: string): boolean => existsSync(root + path) && read(path) === content;

function leftOver(files: { [path: string]: string }): string[] {
  if (!existsSync(`${root}docs/rules`)) return [];
  return readdirSync(`${root}docs/rules`)
    .map((name) => `docs/rules/${name}`)
    .filter((path) => !(path in files));
}

function index(rules: RuleInfo[]): string {
  const sections = Object.entries(categories).flatMap(([category, title]) => {
    const own = rules.filter((rule) => rule.category === category);
    if (own.length === 0) return [];
    const rows = own.map(({ id, level, title }) => `| [\`${id}\`](${id}.md) | ${level} | ${title} |`);
    return [`## ${title}`, ["| rule | level | |", "|---|---|---|", ...rows].join("\n")];
  });
  const ids = new Set(rules.map(({ id }) => id));
  const advised = advice.flatMap(({ text, rules }) => {
    const links = rules.filter((id) => ids.has(id)).map((id) => `[\`${id}\`](${id}.md)`);
    return links.length === 0 ? [] : [`| ${text} | ${links.join(", ")} |`];
  });
  return `${[
    "# Rules",
    "The verdict of a rule is *fail*, *pass* or *unknown*. It is unknown if it depends on a value that is not in the input. A failure of level `error` makes the exit code 1. Keywarden reports `warning` and `note` without changing the exit code.",
    ...sections,
    "## The AWS KMS cheat sheet",
    ["| advice | rules |", "|---|---|", ...advised].join("\n"),
  ].join("\n\n")}\n`;
}

/** Returns the README with the current output of its commands. */
function withReports(readme: string, engine: Engine): string {
  return readme.replace(/^(\$ keywarden test (\S+)\n)[\s\S]*?^```$/gm, (_, call: string, path: string) => {
    const report = checkInputs([{ path, text: read(path), named: true }], { engine });
    if (report.problems.length > 0) throw new Error(`${path}: ${report.problems[0]?.message}`);
    return `${call}${renderText(report, { color: false })}\`\`\``;
  });
}

if (process.argv[1] === import.meta.filename) {
  const files = documentation();
  const outdated = stale(files);
  if (process.argv.includes("--verify")) {
    if (outdated.length > 0) {
      console.error(
        `${outdated.join(", ")}: out of date with the rules. Run \`make docs\` and commit the result.`,
      );
      process.exitCode = 1;
    } else console.log("docs/rules/ and the README are up to date with the rules");
  } else {
    mkdirSync(`${root}docs/rules`, { recursive: true });
    for (const path of leftOver(files)) rmSync(root + path);
    for (const [path, content] of Object.entries(files)) writeFileSync(root + path, content);
  }
}
