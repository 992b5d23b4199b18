/**
 * Changes each condition and constant of the rules and their libraries, one at a time, and runs the Rego tests on each
 * mutant: make mutate-rules RULE=public_access. Without RULE, it mutates all files; with SINCE, those that changed since
 * a commit. Prints every mutant that no test notices, and exits with 1 if one isn't listed in equivalent.json.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Allowed } from "./allowed.ts";
import { describe, type Mutant } from "./mutant.ts";
import { regoMutants } from "./rego.ts";
import { type Outcome, Workbench } from "./rego-run.ts";

const root = new URL("../..", import.meta.url).pathname;

const { values } = parseArgs({
  options: { rule: { type: "string", default: "" }, since: { type: "string", default: "" } },
});
const files = selectFiles();
const allowed = new Allowed("rules");
const workbench = new Workbench(root);
const total = { killed: 0, survived: 0, invalid: 0 };
let unexplained = 0;
try {
  for (const file of files) mutateFile(file);
} finally {
  workbench.close();
}
console.log(
  `${total.killed + total.survived} mutants in ${files.length} files: ${total.killed} killed, ${total.survived} survived`,
);
const stale = allowed.stale(files);
for (const entry of stale) console.log(`equivalent.json: a test notices ${entry}, or it no longer exists`);
if (unexplained + stale.length > 0) process.exitCode = 1;

function mutateFile(file: string): void {
  const mutants = regoMutants(root, file, readFileSync(join(root, file), "utf8"));
  let survivors = workbench.ownTests(file, mutants, count);
  if (file.startsWith("policies/kms/lib/")) {
    total.survived -= survivors.length;
    survivors = workbench.otherTests(file, survivors, count);
  }
  report(file, mutants, survivors);
}

function count(outcome: Outcome): void {
  total[outcome] += 1;
}

function report(file: string, mutants: Mutant[], survivors: Mutant[]): void {
  const unknown = survivors.filter((mutant) => !allowed.explains(mutant));
  unexplained += unknown.length;
  for (const mutant of unknown) console.log(`survived: ${describe(mutant)}`);
  console.error(`${file}: ${mutants.length} mutants, ${survivors.length} survived`);
}

/** Returns the rules and libraries to mutate. */
function selectFiles(): string[] {
  const all = ["rules", "lib"].flatMap((directory) =>
    readdirSync(join(root, "policies/kms", directory), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".rego") && !name.endsWith("_test.rego"))
      .map((name) => `policies/kms/${directory}/${name}`)
      .sort(),
  );
  if (values.since !== "") {
    const changed = execFileSync("git", ["diff", "--name-only", values.since, "--", "policies/kms"], {
      cwd: root,
      encoding: "utf8",
    });
    const directories = new Set(changed.split("\n").map((name) => name.split("/").slice(0, 4).join("/")));
    return all.filter((file) => directories.has(file.split("/").slice(0, 4).join("/")));
  }
  const selected = all.filter((file) => values.rule === "" || file.split("/")[3] === values.rule);
  if (selected.length > 0) return selected;
  console.error(`No rule or library is called ${values.rule}.`);
  process.exit(2);
}
