import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { output, root, run, scratch } from "./support.ts";

const pages = join(root, "docs/integrations");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { version } = JSON.parse(read("package.json")) as { version: string };
const tool = (name: string) => join(root, ".cache/bin", name);
const built = { skip: existsSync(tool("conftest")) ? false : "conftest is not built: make tools" };

interface Snippet {
  page: string;
  language: string;
  text: string;
}

const snippets: Snippet[] = readdirSync(pages).flatMap((page) =>
  [...readFileSync(join(pages, page), "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
    ([, language = "", text = ""]) => ({ page, language, text }),
  ),
);
const of = (page: string, language: string) =>
  snippets.filter((snippet) => snippet.page === page && snippet.language === language);

test("every page has code to paste, in a language that is checked", () => {
  for (const page of readdirSync(pages))
    assert.ok(
      snippets.some((snippet) => snippet.page === page),
      page,
    );
  const languages = [...new Set(snippets.map(({ language }) => language))].sort();
  assert.deepEqual(languages, ["dockerfile", "groovy", "js", "json", "rego", "sh", "yaml"]);
});

for (const { page, text } of snippets.filter(({ language }) => language === "yaml"))
  test(`${page}: ${text.split("\n")[0]} is YAML`, () => assert.equal(typeof load(text), "object"));

for (const { page, text } of snippets.filter(({ language }) => language === "json"))
  test(`${page}: ${text.split("\n")[0]} is JSON`, () => assert.equal(typeof JSON.parse(text), "object"));

test("groovy, dockerfile and rego blocks are valid", built, () => {
  const folder = scratch();
  const parsers = new Map([
    ["groovy", ["parse", "--parser", "groovy"]],
    ["dockerfile", ["parse", "--parser", "dockerfile"]],
  ]);
  for (const { language, text } of snippets) {
    const parser = parsers.get(language);
    if (parser === undefined && language !== "rego") continue;
    const file = join(folder, `snippet.${language}`);
    writeFileSync(file, text);
    if (parser) output(tool("conftest"), [...parser, file], { cwd: folder });
    else output(tool("opa"), ["check", "--strict", file], { cwd: folder });
  }
});

test("links in pages resolve, and the README links to every page", () => {
  for (const page of readdirSync(pages))
    for (const [, target = ""] of readFileSync(join(pages, page), "utf8").matchAll(/\]\(([^)#]+)/g))
      if (!target.startsWith("https://")) assert.ok(existsSync(join(pages, target)), `${page}: ${target}`);
  for (const page of readdirSync(pages).filter((page) => page !== "README.md"))
    assert.ok(readFileSync(join(pages, "README.md"), "utf8").includes(`](${page})`), page);
  assert.match(read("README.md"), /\]\(docs\/integrations\/README\.md\)/);
});

test("versions in pages are those of the project", () => {
  const named = /(?:keywarden@|\/keywarden(?:\.git#)?v?:?|rules:|bundle:|rev: v)(\d+\.\d+\.\d+)/g;
  for (const { page, text } of snippets)
    for (const [, found] of text.matchAll(named)) assert.equal(found, version, `${page}: ${text}`);
});

interface Step {
  uses?: string;
  with?: { [input: string]: unknown };
}

test("the workflows use inputs that the action has, and the page lists all of them", () => {
  const { inputs, outputs } = load(read("action.yml")) as { inputs: object; outputs: object };
  const steps = of("github.md", "yaml").flatMap(({ text }) =>
    Object.values((load(text) as { jobs: { [job: string]: { steps: Step[] } } }).jobs).flatMap(
      (job) => job.steps,
    ),
  );
  const ours = steps.filter(({ uses }) => uses?.startsWith("keywarden/keywarden@"));
  assert.equal(ours.length, 3);
  for (const step of ours)
    for (const input of Object.keys(step.with ?? {})) assert.ok(input in inputs, input);
  for (const [kind, names] of [
    ["Inputs", Object.keys(inputs)],
    ["Outputs", Object.keys(outputs)],
  ] as const) {
    const section = read("docs/integrations/github.md").split(`## ${kind}\n`)[1]?.split("\n## ")[0] ?? "";
    assert.deepEqual(
      [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name),
      names,
    );
  }
});

interface Hook {
  id: string;
  entry: string;
  args?: string[];
}

const hooks = load(read(".pre-commit-hooks.yaml")) as Hook[];

test("the pre-commit configs use hooks that exist", () => {
  for (const { text } of of("pre-commit.md", "yaml")) {
    const { repos } = load(text) as { repos: { hooks: { id: string }[] }[] };
    for (const { id } of repos.flatMap((repo) => repo.hooks))
      assert.ok(
        hooks.some((hook) => hook.id === id),
        id,
      );
  }
});

/** The calls of `keywarden` in what is to be pasted, as a shell would see them. */
function calls(): { page: string; call: string }[] {
  const found = snippets.flatMap(({ page, text }) =>
    [...text.matchAll(/(?<![\w.-])keywarden(?::[\d.]+)? (?:test|normalize)\b[^'|&>#\n]*/g)].map(([call]) => ({
      page,
      call: call.replace(/^keywarden:[\d.]+/, "keywarden").trim(),
    })),
  );
  return [
    ...found,
    ...hooks.map(({ entry, args = [] }) => ({ page: "hook", call: [entry, ...args].join(" ") })),
  ];
}

/** A folder with `infra` and plans, and a shell there that knows `keywarden`. */
function workspace() {
  const folder = scratch();
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write("bin/keywarden", `#!/bin/sh\nexec "${process.execPath}" "${join(root, "dist/cli.js")}" "$@"\n`);
  chmodSync(join(folder, "bin/keywarden"), 0o755);
  write("work/infra/template.yaml", read("examples/cross-account-without-root/template.yaml"));
  write("work/plan.json", read("examples/cross-account-without-root/plan.json"));
  write("work/good.json", read("examples/default-key-policy/plan.json"));
  write("work/broken.json", "{");
  const cwd = join(folder, "work");
  const shell = (command: string, env: { [name: string]: string } = {}) =>
    run("sh", ["-c", command], { cwd, env: { PATH: `${join(folder, "bin")}:${process.env.PATH}`, ...env } });
  return { cwd, shell };
}

test("every command in the pages runs as written", () => {
  const { cwd, shell } = workspace();
  const all = calls();
  assert.ok(all.length > 10, `${all.length} calls`);
  for (const { page, call } of all) {
    // A call that reads standard input, or is completed by pre-commit with paths.
    const complete = call.endsWith(" -")
      ? `${call} < plan.json`
      : /^keywarden test( --)?$/.test(call)
        ? `${call} plan.json`
        : call;
    const { status, stderr } = shell(complete, { SHOWFILE: "plan.json" });
    assert.equal(status, /--no-fail|normalize/.test(call) ? 0 : 1, `${page}: ${call}\n${stderr}`);
    for (const [, path = ""] of call.matchAll(/--output \w+=(\S+)/g))
      assert.ok(existsSync(join(cwd, path)), `${page}: ${call} writes ${path}`);
  }
});

test("Atlantis reads a verdict if there is one, and gets an error otherwise", () => {
  const { shell } = workspace();
  const { workflows } = load(of("atlantis.md", "yaml")[0]?.text ?? "") as {
    workflows: { keywarden: { policy_check: { steps: [string, { run: string }] } } };
  };
  const command = workflows.keywarden.policy_check.steps[1].run;
  const checked = (plan: string) => {
    const { status, stdout } = shell(command, { SHOWFILE: plan });
    return { ended: status === 0, found: /fail/i.test(stdout) };
  };
  assert.deepEqual(checked("good.json"), { ended: true, found: false });
  assert.deepEqual(checked("plan.json"), { ended: true, found: true });
  assert.equal(checked("broken.json").ended, false);
});

test("Spacelift's plan policy denies plans that fail, and plans that were not checked", built, () => {
  const folder = scratch();
  writeFileSync(join(folder, "plan.rego"), of("spacelift.md", "rego")[0]?.text ?? "");
  const decided = (plan: string | undefined) => {
    const args = ["dist/cli.js", "test", "--no-fail", "--output", "json", plan ?? ""];
    const custom = plan && {
      keywarden: { results: JSON.parse(output(process.execPath, args, { cwd: root })) },
    };
    writeFileSync(join(folder, "input.json"), JSON.stringify({ third_party_metadata: { custom } }));
    const query = [
      "eval",
      "--data",
      "plan.rego",
      "--input",
      "input.json",
      "--format",
      "raw",
      "data.spacelift",
    ];
    const { deny, warn } = JSON.parse(output(tool("opa"), query, { cwd: folder }));
    return { deny, warn };
  };
  assert.deepEqual(decided("examples/default-key-policy/plan.json"), { deny: [], warn: [] });
  assert.match(
    decided("examples/cross-account-without-root/plan.json").deny[0],
    /^aws_kms_key\.orders: .* \(\w+\)$/,
  );
  assert.deepEqual(decided(undefined), { deny: ["Keywarden did not run"], warn: [] });
});
