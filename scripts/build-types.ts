/**
 * Collects the types of the library in dist/types: the declarations that are reached from its entry points, once for
 * `import` (.d.ts) and once for `require` (.d.cts), as TypeScript takes the one for the other's only with an error.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [from, to] = [join(root, ".cache/types/src"), join(root, "dist/types")];
const entries = ["library/index", "library/browser", "cdk/index", "aws-lambda/index"];

rmSync(to, { recursive: true, force: true });
const waiting = entries.map((name) => join(from, "hosts", `${name}.d.ts`));
const reached = new Set(waiting);
for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
  const text = readFileSync(file, "utf8");
  for (const [, specifier = ""] of text.matchAll(/(?:from|import\() ?"(\.[^"]+)\.ts"/g)) {
    const next = join(dirname(file), `${specifier}.d.ts`);
    if (!reached.has(next)) waiting.push(next);
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
