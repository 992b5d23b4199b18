/**
 * Runs other tools on the examples of the rules and writes docs/comparison.md: `make peers`. Installs the tools into
 * .cache/peers, in the versions from requirements.txt and package-lock.json. Needs Python 3.11 or later, and network access.
 */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { exampleNames } from "../../scripts/examples.ts";
import { python } from "./python.ts";

const root = new URL("../../", import.meta.url).pathname;
const cache = join(root, ".cache/peers");
const venv = join(cache, "venv/bin");
const node = join(cache, "node");
const guard = join(node, "node_modules/@cdklabs/cdk-validator-cfnguard");

interface Example {
  rule: string;
  verdict: "fail" | "pass" | "unknown";
  format: string;
  /** The copy that the tools read. Its name contains the rule. */
  path: string;
}

/** Results of a tool: the IDs of the failed checks by the file's base name. */
type Results = Map<string, Set<string>>;

interface Peer {
  name: string;
  reads: string[];
  version: string;
  run(paths: string[]): Results;
}

function sh(command: string, args: string[], input?: string): string {
  const { stdout, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
    ...(input === undefined ? {} : { input }),
  });
  if (error) throw new Error(`${command}: ${error.message}`);
  return stdout;
}

function install(): void {
  mkdirSync(node, { recursive: true });
  python("checkov");
  for (const name of ["package.json", "package-lock.json", "nag.mjs"])
    copyFileSync(join(root, "bench/peers", name), join(node, name));
  if (!existsSync(guard)) sh("npm", ["ci", "--no-audit", "--no-fund", "--prefix", node]);
}

/** Copies the examples of all rules into one directory per format. */
function examples(): Example[] {
  const rules = join(root, "policies/kms/rules");
  const folder = join(cache, "examples");
  rmSync(folder, { recursive: true, force: true });
  return readdirSync(rules).flatMap((rule) =>
    exampleNames(rule).map((name): Example => {
      const [, verdict, format] = /^(fail|pass|unknown)[^.]*\.(\w+)\./.exec(name) ?? [];
      const path = join(folder, format as string, `${rule}--${name}`);
      cpSync(join(rules, rule, "examples", name), path);
      return { rule, verdict: verdict as Example["verdict"], format: format as string, path };
    }),
  );
}

const resultsOf = (pairs: [string, string][]): Results => {
  const map: Results = new Map();
  for (const [file, id] of pairs) map.set(basename(file), (map.get(basename(file)) ?? new Set()).add(id));
  return map;
};

interface Checkov {
  results?: { failed_checks?: { file_path: string; check_id: string }[] };
}

const frameworks: { [format: string]: string } = { plan: "terraform_plan", source: "terraform" };

const checkov = (paths: string[]): Results => {
  const folders = [...new Set(paths.map((path) => join(path, "..")))];
  const pairs = folders.flatMap((folder) => {
    const framework = frameworks[basename(folder)] ?? "cloudformation";
    const args = [
      "--quiet",
      "--compact",
      "--skip-download",
      "-o",
      "json",
      "--framework",
      framework,
      "-d",
      folder,
    ];
    const reports = [JSON.parse(sh(join(venv, "checkov"), args))].flat() as Checkov[];
    return reports.flatMap(({ results }) =>
      (results?.failed_checks ?? []).map((check): [string, string] => [check.file_path, check.check_id]),
    );
  });
  return resultsOf(pairs);
};

const cfnLint = (paths: string[]): Results => {
  const matches = JSON.parse(sh(join(venv, "cfn-lint"), ["--format", "json", ...paths])) as {
    Filename: string;
    Rule: { Id: string };
  }[];
  return resultsOf(matches.map(({ Filename, Rule }) => [Filename, Rule.Id]));
};

interface GuardReport {
  name: string;
  not_compliant: { Rule: { name: string } }[];
}

const cfnGuard = (paths: string[]): Results => {
  const binary = join(guard, "bin/ubuntu/x86_64/cfn-guard");
  const rules = join(guard, "rules/control-tower/cfn-guard");
  sh("chmod", ["+x", binary]);
  // One file per run: cfn-guard stops at a file that it cannot parse, and doesn't report the others.
  const reports = paths.flatMap((path) => {
    const output = sh(binary, [
      "validate",
      "-r",
      rules,
      "-d",
      path,
      "-o",
      "json",
      "-S",
      "none",
      "--structured",
    ]);
    return output === "" ? [] : (JSON.parse(output) as GuardReport[]);
  });
  return resultsOf(
    reports.flatMap(({ name, not_compliant }) =>
      not_compliant.map(({ Rule }): [string, string] => [name, Rule.name]),
    ),
  );
};

const parliament = (paths: string[]): Results =>
  resultsOf(
    paths.flatMap((path) =>
      sh(join(venv, "parliament"), ["--json"], readFileSync(path, "utf8"))
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .map((line): [string, string] => [path, (JSON.parse(line) as { issue: string }).issue]),
    ),
  );

const nag = (paths: string[]): Results => {
  const found = JSON.parse(sh(process.execPath, [join(node, "nag.mjs"), ...paths])) as {
    [file: string]: string[] | null;
  };
  return resultsOf(
    Object.entries(found).flatMap(([file, ids]) => (ids ?? []).map((id): [string, string] => [file, id])),
  );
};

/** Returns the options for the rule settings that some examples need. */
const settings = (): string[] =>
  readdirSync(join(root, "policies/kms/rules"))
    .map((rule) => join(root, "policies/kms/rules", rule, "examples/settings.yaml"))
    .flatMap((path) => (existsSync(path) ? ["--data", path] : []));

const ours = (paths: string[]): Results => {
  const results = JSON.parse(
    sh(process.execPath, [join(root, "dist/cli.js"), "test", "-o", "json", ...settings(), ...paths]),
  ) as {
    [list in "failures" | "warnings"]?: {
      loc: { file: string };
      metadata: { rule: string; verdict: string };
    }[];
  }[];
  return resultsOf(
    results.flatMap(({ failures = [], warnings = [] }) =>
      [...failures, ...warnings]
        .filter(({ metadata }) => metadata.verdict === "fail")
        .map(({ loc, metadata }): [string, string] => [loc.file, metadata.rule]),
    ),
  );
};

const pinned = (name: string): string =>
  new RegExp(`^${name}==(.*)$`, "m").exec(
    readFileSync(join(root, "bench/peers/requirements.txt"), "utf8"),
  )?.[1] ?? "";
const dependencies = JSON.parse(readFileSync(join(root, "bench/peers/package.json"), "utf8")).dependencies;
const guardVersion = () =>
  /[\d.]+/.exec(sh(join(guard, "bin/ubuntu/x86_64/cfn-guard"), ["--version"]))?.[0] ?? "";

function measure(): string {
  install();
  const all = examples();
  const peers: Peer[] = [
    {
      name: "Keywarden",
      reads: ["policy", "cloudformation", "plan", "source", "changeset", "kubernetes"],
      version: "",
      run: ours,
    },
    {
      name: "checkov",
      reads: ["cloudformation", "plan", "source"],
      version: pinned("checkov"),
      run: checkov,
    },
    { name: "cfn-lint", reads: ["cloudformation"], version: pinned("cfn-lint"), run: cfnLint },
    {
      name: "cfn-guard",
      reads: ["cloudformation"],
      version: `${guardVersion()} with the Control Tower rules of cdk-validator-cfnguard ${dependencies["@cdklabs/cdk-validator-cfnguard"]}`,
      run: cfnGuard,
    },
    { name: "parliament", reads: ["policy"], version: pinned("parliament"), run: parliament },
    {
      name: "cdk-nag",
      reads: ["cloudformation"],
      version: `${dependencies["cdk-nag"]}, all packs`,
      run: nag,
    },
  ];
  const rules = [...new Set(all.map(({ rule }) => rule))];
  const cells = new Map<string, Cell[]>();
  for (const peer of peers) {
    const read = all.filter(({ format }) => peer.reads.includes(format));
    const answers = peer.run(read.map(({ path }) => path));
    for (const rule of rules)
      cells.set(rule, [
        ...(cells.get(rule) ?? []),
        cellOf(
          read.filter((example) => example.rule === rule),
          answers,
          peer.name === "Keywarden" ? rule : undefined,
        ),
      ]);
  }
  return page(peers, rules, cells);
}

interface Cell {
  /** Number of failing examples that a check of the tool reports. */
  found: number;
  failing: number;
  /** Number of passing examples on which the same checks fail. */
  alarms: number;
  passing: number;
  checks: string[];
}

/** Counts the checks that match a rule: they fail on a larger share of its failing examples than of its passing ones. */
function cellOf(examples: Example[], answers: Results, only?: string): Cell {
  const ids = (example: Example): Set<string> => answers.get(basename(example.path)) ?? new Set();
  const failing = examples.filter(({ verdict }) => verdict === "fail");
  const passing = examples.filter(({ verdict }) => verdict === "pass");
  const share = (list: Example[], id: string) =>
    list.length === 0 ? 0 : list.filter((example) => ids(example).has(id)).length / list.length;
  const checks = [...new Set(failing.flatMap((example) => [...ids(example)]))]
    .filter((id) => only === undefined || id === only)
    .filter((id) => share(failing, id) > share(passing, id))
    .sort();
  const reported = (list: Example[]) =>
    list.filter((example) => checks.some((id) => ids(example).has(id))).length;
  return {
    found: reported(failing),
    failing: failing.length,
    alarms: reported(passing),
    passing: passing.length,
    checks,
  };
}

function page(peers: Peer[], rules: string[], cells: Map<string, Cell[]>): string {
  const shown = ({ found, failing, alarms, passing }: Cell): string => {
    if (failing === 0) return "";
    if (found === 0) return "–";
    return alarms === 0 ? `${found}/${failing}` : `${found}/${failing}, wrong on ${alarms}/${passing}`;
  };
  const total = (column: number) => {
    const list = rules.map((rule) => cells.get(rule)?.[column] as Cell);
    const sum = (field: "found" | "failing" | "alarms" | "passing") =>
      list.reduce((n, cell) => n + cell[field], 0);
    const covered = list.filter(({ found }) => found > 0).length;
    const readable = list.filter(({ failing }) => failing > 0).length;
    return {
      covered,
      readable,
      found: sum("found"),
      failing: sum("failing"),
      alarms: sum("alarms"),
      passing: sum("passing"),
    };
  };
  const table = rules.map(
    (rule) => `| [${rule}](rules/${rule}.md) | ${(cells.get(rule) ?? []).map(shown).join(" | ")} |`,
  );
  const checks = rules.flatMap((rule) => {
    const named = peers.flatMap((peer, i) => {
      const cell = cells.get(rule)?.[i];
      return i === 0 || !cell || cell.checks.length === 0 ? [] : [`${peer.name}: ${cell.checks.join(", ")}`];
    });
    return named.length === 0 ? [] : [`| ${rule} | ${named.join("; ")} |`];
  });
  const totals = peers.map((peer, i) => {
    const { covered, readable, found, failing, alarms, passing } = total(i);
    return `| ${peer.name} | ${peer.version} | ${peer.reads.join(", ")} | ${covered} of ${readable} | ${found} of ${failing} | ${alarms} of ${passing} |`;
  });
  return `# Comparison with other tools

Generated by \`make peers\` (bench/peers/compare.ts); do not edit.

Each Keywarden rule has small examples that fail and that pass. In this comparison, other tools check the same files with
their built-in checks. A check counts for a rule if it fails on a larger share of the rule's failing examples than of its
passing ones. *Found* is the number of failing examples on which such a check fails; *wrong* is the number of passing
examples on which it fails too.

The examples are Keywarden's own and match its rules, so the comparison doesn't show what the other tools find beyond these
rules. A tool isn't rated for formats that it doesn't read. None of the other tools has unknown verdicts.

| tool | version | supported formats of the examples | rules covered | failing examples found | passing examples reported as failing |
|---|---|---|---|---|---|
${totals.join("\n")}

## By rule

| rule | ${peers.map(({ name }) => name).join(" | ")} |
|---|${peers.map(() => "---|").join("")}
${table.join("\n")}

An empty cell means that the tool doesn't read the formats of the examples. A dash means that it reads them but reports
nothing.

## Checks

| rule | matching checks in other tools |
|---|---|
${checks.join("\n")}
`;
}

writeFileSync(join(root, "docs/comparison.md"), measure());
