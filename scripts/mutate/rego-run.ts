/** Runs the Rego tests on mutants. */
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Mutant, mutated } from "./mutant.ts";

/** `invalid`: OPA rejects the mutant, for example as a variable has no value. */
export type Outcome = "killed" | "survived" | "invalid";

interface Module {
  file: string;
  package: string;
  imports: string[];
}

/** The number of packages that are tested at once. A failure ends the test of a mutant after these. */
const BATCH = 8;

/** A copy of the modules that the tests of one file need, in which mutants replace the file. */
export class Workbench {
  readonly #directory = mkdtempSync(join(tmpdir(), "keywarden-mutants-"));
  readonly #root: string;
  readonly #modules: Module[];

  constructor(root: string) {
    this.#root = root;
    this.#modules = readdirSync(join(root, "policies"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".rego"))
      .sort()
      .map((name) => readModule(root, join("policies", name)));
  }

  /** Returns the mutants that the tests of the file's package don't notice, and counts the others. */
  ownTests(file: string, mutants: Mutant[], count: (outcome: Outcome) => void): Mutant[] {
    const name = this.#packageOf(file);
    return this.#survivors(file, mutants, [`${name}_test`], count);
  }

  /** Returns the mutants that the tests of all packages that use the file don't notice either. */
  otherTests(file: string, mutants: Mutant[], count: (outcome: Outcome) => void): Mutant[] {
    const name = this.#packageOf(file);
    const users = this.#modules
      .filter((module) => module.package.endsWith("_test") && module.package !== `${name}_test`)
      .map((module) => ({ name: module.package, reached: this.#reached([module.package]) }))
      .filter(({ reached }) => reached.has(name))
      .sort((a, b) => a.reached.size - b.reached.size)
      .map((user) => user.name);
    return mutants.length === 0 ? [] : this.#survivors(file, mutants, [...new Set(users)], count);
  }

  #survivors(file: string, mutants: Mutant[], tests: string[], count: (outcome: Outcome) => void): Mutant[] {
    const reached = this.#reached([this.#packageOf(file), ...tests]);
    this.#copy(this.#modules.filter((module) => reached.has(module.package)));
    if (this.#run(file, undefined, tests) !== "survived")
      throw new Error(`${file}: the tests fail without a mutant`);
    const killed = new Set<Mutant | undefined>();
    return mutants.filter((mutant) => {
      const implied = mutant.weaker !== undefined && killed.has(mutant.weaker);
      const outcome = implied ? "killed" : this.#run(file, mutant, tests);
      if (outcome === "killed") killed.add(mutant);
      count(outcome);
      return outcome === "survived";
    });
  }

  #run(file: string, mutant: Mutant | undefined, tests: string[]): Outcome {
    const source = readFileSync(join(this.#root, file), "utf8");
    writeFileSync(join(this.#directory, file), mutant === undefined ? source : mutated(source, mutant));
    for (let start = 0; start < tests.length; start += BATCH) {
      const outcome = this.#opaTest(tests.slice(start, start + BATCH));
      if (outcome !== "survived") return outcome;
    }
    return "survived";
  }

  #opaTest(packages: string[]): Outcome {
    const selection = `^data\\.(${packages.join("|").replaceAll(".", "\\.")})\\.`;
    const { status, stdout, stderr, error } = spawnSync(
      join(this.#root, ".cache/bin/opa"),
      [
        "test",
        "--parallel",
        "1",
        "--timeout",
        "60s",
        "--run",
        selection,
        "--format",
        "json",
        this.#directory,
      ],
      {
        encoding: "utf8",
        timeout: 300_000,
        maxBuffer: 2 ** 28,
        // Many short runs need less time without parallel garbage collection.
        env: { ...process.env, GOMAXPROCS: "1", GOGC: "400" },
      },
    );
    if (error !== undefined && (error as NodeJS.ErrnoException).code !== "ETIMEDOUT") throw error;
    if (status === 0) return "survived";
    return /rego_(compile|type|parse|unsafe_var|recursion)_error/.test(stdout + stderr)
      ? "invalid"
      : "killed";
  }

  close(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #packageOf(file: string): string {
    return (this.#modules.find((module) => module.file === file) as Module).package;
  }

  /** Returns the packages and everything that they import. */
  #reached(names: string[]): Set<string> {
    const found = new Set<string>();
    const add = (name: string): void => {
      if (found.has(name)) return;
      found.add(name);
      for (const module of this.#modules) if (module.package === name) module.imports.forEach(add);
    };
    for (const name of [...names, "kms"]) add(name);
    return found;
  }

  #copy(modules: Module[]): void {
    rmSync(this.#directory, { recursive: true });
    mkdirSync(this.#directory);
    for (const { file } of modules) {
      mkdirSync(dirname(join(this.#directory, file)), { recursive: true });
      copyFileSync(join(this.#root, file), join(this.#directory, file));
    }
  }
}

function readModule(root: string, file: string): Module {
  const text = readFileSync(join(root, file), "utf8");
  const name = /^package (\S+)/m.exec(text)?.[1] ?? "";
  const imports = [...text.matchAll(/^import data\.(\S+)/gm)].map(([, imported = ""]) => imported);
  return { file, package: name, imports };
}
