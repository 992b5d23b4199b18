/**
 * Builds and packs the npm package twice, and fails if the archives differ. The builds differ in their directory, clock,
 * time zone, locale, umask and the times of their files, which must not influence the result.
 * `tsx scripts/verify-dist.ts [ARCHIVE]` also compares the result with an archive.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

interface Surroundings {
  directory: string;
  umask: number;
  env: { [name: string]: string };
  /** Modification time of the sources. */
  modified: Date;
}

/** Moves the clock of Node.js by more than a year. */
const later = `data:text/javascript,${encodeURIComponent(`
  const { Date: Clock } = globalThis;
  const now = () => Clock.now() + 4e10;
  globalThis.Date = class extends Clock {
    static now = now;
    constructor(...parts) {
      super(...(parts.length === 0 ? [now()] : parts));
    }
  };
`)}`;

const builds: Surroundings[] = [
  {
    directory: "a",
    umask: 0o022,
    env: { TZ: "UTC", LANG: "C.UTF-8", LC_ALL: "C.UTF-8" },
    modified: new Date("2020-01-01"),
  },
  {
    directory: "another/much-longer-directory",
    umask: 0o077,
    env: {
      TZ: "Pacific/Apia",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      NODE_OPTIONS: `--import=${later}`,
    },
    modified: new Date("2030-06-15"),
  },
];

const root = process.cwd();
const sources = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" }).split("\0").filter(Boolean);
const folder = mkdtempSync(join(tmpdir(), "keywarden-dist-"));
try {
  const archives = [...builds.map(build), ...process.argv.slice(2)];
  const digests = archives.map((path) => createHash("sha256").update(readFileSync(path)).digest("hex"));
  for (const [i, path] of archives.entries()) console.log(`${digests[i]}  ${basename(path)}`);
  if (new Set(digests).size > 1) fail(archives);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Builds the tracked files in their own directory, and returns the path of the archive. */
function build({ directory, umask, env, modified }: Surroundings): string {
  const cwd = join(folder, directory);
  process.umask(umask);
  mkdirSync(cwd, { recursive: true });
  for (const path of sources) {
    cpSync(join(root, path), join(cwd, path));
    utimesSync(join(cwd, path), modified, modified);
  }
  symlinkSync(join(root, "node_modules"), join(cwd, "node_modules"));
  const run = (...args: string[]): string =>
    execFileSync("npm", args, { cwd, env: { ...process.env, ...env }, encoding: "utf8" });
  for (const script of ["build:cli", "build:types", "build:compressed"]) run("run", "--silent", script);
  return join(cwd, run("exec", "--no", "tsx", "scripts/pack.ts").trim());
}

/** Prints which files of the first two archives that differ are different, and ends the process. */
function fail(archives: string[]): never {
  const contents = archives.map((path, i) => {
    const target = join(folder, `unpacked-${i}`);
    mkdirSync(target);
    execFileSync("tar", ["xzf", path, "-C", target]);
    return target;
  });
  const [first = "", ...others] = contents;
  for (const other of others)
    try {
      execFileSync("diff", ["--recursive", "--brief", first, other], { stdio: "inherit" });
    } catch {
      // diff has printed the names.
    }
  console.error(
    "verify-dist: The archives differ. Without a list of files, their permissions or order differ.",
  );
  process.exit(1);
}
