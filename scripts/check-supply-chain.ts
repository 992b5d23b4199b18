/**
 * Checks what protects the supply chain and can be checked offline, like OpenSSF Scorecard: `make check-supply-chain`.
 * Branch protection and the settings of the registries can't be checked here. Exits with 1 if there is a problem.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "js-yaml";
import { lockFileProblems } from "./supply-chain/lock-files.ts";
import { workflowProblems } from "./supply-chain/workflows.ts";

/** The tracked files of a repository. */
export interface Repository {
  paths: string[];
  read(path: string): Buffer;
}

/** Generated files that are binary, with the target that builds them again and compares. */
const generated: { [path: string]: string } = {
  "bundles/bundle.tar.gz": "verify-bundles",
  "bundles/policy.wasm": "verify-bundles",
  "bundles/terraform.wasm": "verify-bundles",
};

/** Inputs of tests that must not be text. */
const testInputs = ["terraform/internal/function/testdata/files/binary.bin"];

/** Returns a line for each problem. */
export function supplyChainProblems(repository: Repository): string[] {
  const text = (path: string) => repository.read(path).toString();
  return [
    ...workflowProblems(repository),
    ...lockFileProblems(repository),
    ...required(repository),
    ...binaries(repository),
    ...repository.paths
      .filter((path) => /(^|\/)Dockerfile$/.test(path))
      .flatMap((path) => images(path, text(path))),
    ...repository.paths.filter(runsCommands).flatMap((path) => installs(path, text(path))),
    ...updates(repository),
  ];
}

function required({ paths }: Repository): string[] {
  return ["LICENSE", "SECURITY.md", ".github/dependabot.yml", ".github/workflows/release.yml"]
    .filter((path) => !paths.includes(path))
    .map((path) => `${path}: The file is missing.`);
}

/** As Git, takes a file with a NUL byte in its first 8,000 bytes for a binary file. */
function binaries({ paths, read }: Repository): string[] {
  const makefile = paths.includes("Makefile") ? read("Makefile").toString() : "";
  return paths
    .filter((path) => !testInputs.includes(path) && read(path).subarray(0, 8000).includes(0))
    .flatMap((path) => {
      const target = generated[path];
      if (target === undefined)
        return [`${path}: Binary files can't be reviewed. Generate the file, or write it as text.`];
      return new RegExp(`^${target}:`, "m").test(makefile)
        ? []
        : [`${path}: Makefile has no target ${target}.`];
    });
}

const images = (path: string, text: string): string[] =>
  [...text.matchAll(/^FROM\s+(?:--\S+\s+)*(\S+)/gim)].flatMap(([, image = ""]) =>
    /@sha256:[\da-f]{64}$/.test(image) ? [] : [`${path}: Pin the image ${image} by its digest.`],
  );

const runsCommands = (path: string): boolean =>
  /(^|\/)(Makefile|Dockerfile)$|^\.github\/|^\.ci\/|^scripts\/[^/]+\.mjs$/.test(path);

/** Install scripts of dependencies run with the permissions of the job. */
const installs = (path: string, text: string): string[] =>
  text.split("\n").flatMap((line, i) => {
    const isComment = /^\s*(#|\*|\/[/*])/.test(line);
    const command = /\bnpm (?:ci|install)\b/.exec(line);
    if (
      isComment ||
      command === null ||
      line.includes("--ignore-scripts") ||
      /\becho\b|["'`]keywarden:|##/.test(line)
    )
      return [];
    return [`${path}:${i + 1}: Use --ignore-scripts.`];
  });

/** Every directory with dependencies is updated. */
function updates({ paths, read }: Repository): string[] {
  const config = ".github/dependabot.yml";
  if (!paths.includes(config)) return [];
  const { updates: entries } = load(read(config).toString()) as {
    updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[];
  };
  const covered = new Set(
    entries.flatMap(({ "package-ecosystem": ecosystem, directory = [], directories = [] }) =>
      [directory, directories].flat().map((place) => `${ecosystem} ${place}`),
    ),
  );
  const manifests: [name: RegExp, ecosystem: string][] = [
    [/(^|\/)package-lock\.json$/, "npm"],
    [/(^|\/)go\.mod$/, "gomod"],
    [/(^|\/)requirements\.txt$/, "pip"],
    [/(^|\/)Dockerfile$/, "docker"],
  ];
  const wanted = paths
    .filter((path) => !path.includes("testdata/") && !path.startsWith("test/cases/"))
    .flatMap((path) =>
      manifests
        .filter(([name]) => name.test(path))
        .map(([, ecosystem]) => `${ecosystem} ${join("/", dirname(path))}`),
    );
  return ["github-actions /", ...wanted]
    .filter((place) => !covered.has(place))
    .map((place) => `${config}: There is no entry for ${place}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0").filter(Boolean);
  const problems = supplyChainProblems({ paths, read: (path) => readFileSync(path) });
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
