/**
 * Collects the type declarations of the library in dist/types: all that its entry points import, directly or not. Writes
 * them twice, for `import` (.d.ts) and for `require` (.d.cts), because TypeScript reports an error if it finds the wrong one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [from, to] = [join(root, ".cache/types/src"), join(root, "dist/types")];
const entries = ["library/index", "library/browser", "cdk/index", "aws-lambda/index"];

rmSync(to, { recursive: true, force: true });
const queue = entries.map((name) => join(from, "hosts", `${name}.d.ts`));
const reached = new Set(queue);
for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
  const text = readFileSync(file, "utf8");
  for (const [, specifier = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.ts"/g)) {
    const next = join(dirname(file), `${specifier}.d.ts`);
    if (!reached.has(next)) queue.push(next);
    reached.add(next);
  }
  for (const [ending, other] of [
    ["d.ts", "js"],
    ["d.cts", "cjs"],
  ]) {
    const target = join(to, relative(from, file)).replace(/d\.ts$/, ending as string);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text.replace(/((?:from|import\() ?"\.[^"]+)\.ts"/g, `$1.${other}"`));
  }
}
