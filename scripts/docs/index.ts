/**
 * Writes docs/rules/, a page for each rule and a list of them, and the reports that the README shows. Run by
 * `make docs`; `--verify` exits with 1 where the files are not what the rules and their examples give.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Engine, loadEngine } from "../../src/core/engine/engine.ts";
import { categories, type RuleInfo } from "../../src/core/model/report.ts";
import { check } from "../../src/core/pipeline.ts";
import { text } from "../../src/reporters/text.ts";
import { advice } from "./advice.ts";
import { page } from "./page.ts";

const root = new URL("../..", import.meta.url).pathname;
const read = (path: string): string => readFileSync(root + path, "utf8");

/** The generated files by their paths. */
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

/** Files that are not what they should be: changed, missing, or pages of rules that are gone. */
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
    "A rule says *fail*, *pass* or, where the answer hangs on a value that the input does not hold, *unknown*. Levels: `error` makes the exit code 1; `warning` and `note` are reported.",
    ...sections,
    "## The AWS KMS cheat sheet",
    ["| advice | rules |", "|---|---|", ...advised].join("\n"),
  ].join("\n\n")}\n`;
}

/** The README with the reports that its commands print now. */
function withReports(readme: string, engine: Engine): string {
  return readme.replace(/^(\$ keywarden test (\S+)\n)[\s\S]*?^```$/gm, (_, call: string, path: string) => {
    const report = check([{ path, text: read(path), named: true }], { engine });
    if (report.problems.length > 0) throw new Error(`${path}: ${report.problems[0]?.message}`);
    return `${call}${text(report, { color: false })}\`\`\``;
  });
}

if (process.argv[1] === import.meta.filename) {
  const files = documentation();
  const wrong = stale(files);
  if (process.argv.includes("--verify")) {
    if (wrong.length > 0) {
      console.error(`${wrong.join(", ")}: not what the rules give. Run \`make docs\` and commit the result.`);
      process.exitCode = 1;
    } else console.log("docs/rules/ and the README are what the rules give");
  } else {
    mkdirSync(`${root}docs/rules`, { recursive: true });
    for (const path of leftOver(files)) rmSync(root + path);
    for (const [path, content] of Object.entries(files)) writeFileSync(root + path, content);
  }
}
