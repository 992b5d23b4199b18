/**
 * Packs the npm package from existing build output. The same files always result in the same bytes: npm would otherwise
 * record their permissions, which depend on the umask. `tsx scripts/pack.ts` prints the name of the archive.
 */
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";

interface PackedFile {
  path: string;
  /** The permissions; npm makes the files of `bin` executable. */
  mode: number;
}

const npm = (...options: string[]): string =>
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", ...options], { encoding: "utf8" });

const [{ files }] = JSON.parse(npm("--dry-run", "--json")) as [{ files: PackedFile[] }];
for (const { path, mode } of files) chmodSync(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
process.stdout.write(npm());
