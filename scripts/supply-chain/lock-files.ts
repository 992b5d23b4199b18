import type { Repository } from "../check-supply-chain.ts";

/** Licenses of bundled packages. They only require attribution; MPL-2.0 requires it for each of its own files. */
export const bundledLicenses = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "ISC",
  "MIT",
  "MPL-2.0",
];

/** Python-2.0 is the license of argparse, which cosmiconfig's own js-yaml requires. Neither is in dist. */
const allowed = new Set([...bundledLicenses, "PSF-2.0", "Python-2.0"]);

interface LockedPackage {
  integrity?: string;
  /** The address of the archive, which would name a registry. */
  resolved?: string;
  license?: string;
  link?: boolean;
  /** The archive of another package contains it. */
  inBundle?: boolean;
}

/** Returns the problems of the files that lock dependencies. */
export const lockFileProblems = ({ paths, read }: Repository): string[] =>
  paths.flatMap((path) => {
    const text = () => read(path).toString();
    if (/(^|\/)package-lock\.json$/.test(path)) return npmProblems(path, text());
    if (/(^|\/)requirements\.txt$/.test(path)) return pythonProblems(path, text());
    if (/(^|\/)package\.json$/.test(path)) return unlocked(path, text(), paths);
    if (
      /(^|\/)go\.mod$/.test(path) &&
      /^require\b/m.test(text()) &&
      !paths.includes(path.replace(/mod$/, "sum"))
    )
      return [`${path}: There is no go.sum.`];
    return [];
  });

function npmProblems(path: string, text: string): string[] {
  const { packages } = JSON.parse(text) as { packages: { [path: string]: LockedPackage } };
  return Object.entries(packages).flatMap(([place, { integrity, resolved, license, link, inBundle }]) => {
    if (place === "" || link === true) return [];
    const problem = (message: string) => `${path}: ${place}: ${message}`;
    return [
      ...(inBundle === true || /^sha512-/.test(integrity ?? "")
        ? []
        : [problem("It has no SHA-512 integrity.")]),
      ...(resolved === undefined
        ? []
        : [problem("It names a registry. Set omit-lockfile-registry-resolved.")]),
      ...(isAllowed(license ?? "") ? [] : [problem(`The license ${license} is not allowed.`)]),
    ];
  });
}

/** One license of `A OR B` is enough. */
const isAllowed = (license: string): boolean =>
  license
    .replace(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => allowed.has(name)));

/** Joins continued lines, and requires a version and a hash in each requirement. Only developers run the tools of bench. */
const pythonProblems = (path: string, text: string): string[] =>
  text
    .replace(/\\\n/g, " ")
    .split("\n")
    .filter(
      (line) => /^\w/.test(line) && !(path.startsWith("bench/") ? VERSION : VERSION_AND_HASH).test(line),
    )
    .map((line) => `${path}: ${line.split(/[\s=]/)[0]} has no version or hash.`);

const VERSION = /^[\w.[\]-]+==\S+/;
const VERSION_AND_HASH = /^[\w.[\]-]+==\S+.*--hash=sha256:[\da-f]{64}/;

const unlocked = (path: string, text: string, paths: string[]): string[] => {
  const manifest = JSON.parse(text) as { [kind: string]: object | undefined };
  const isInstalled = ["dependencies", "devDependencies"].some(
    (kind) => Object.keys(manifest[kind] ?? {}).length > 0,
  );
  const lock = path.replace(/package\.json$/, "package-lock.json");
  return isInstalled && !paths.includes(lock) ? [`${path}: There is no package-lock.json.`] : [];
};
