/** Bundles the cases with one file that contains its mutants. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Mutant } from "./mutant.ts";
import { instrument } from "./typescript.ts";

const root = new URL("../..", import.meta.url).pathname;

/** Writes the bundle, and returns its path and the mutants. */
export async function bundleWithMutants(file: string): Promise<{ path: string; mutants: Mutant[] }> {
  const { mutants, text } = instrument(file, readFileSync(join(root, file), "utf8"));
  const outfile = join(root, ".cache/mutants", `${file.replaceAll("/", "-")}.mjs`);
  mkdirSync(join(root, ".cache/mutants"), { recursive: true });
  const plugin: Plugin = {
    name: "mutants",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^node:test$/ }, () => ({ path: join(root, "scripts/mutate/node-test.ts") }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = path === join(root, file) ? text : readFileSync(path, "utf8");
        // Modules read files next to their source.
        const url = JSON.stringify(pathToFileURL(path).href);
        return { contents: source.replaceAll("import.meta.url", url), loader: "ts" };
      });
    },
  };
  await build({
    absWorkingDir: root,
    entryPoints: ["scripts/mutate/cases.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    // package.json says that modules have no side effects, but a test file has nothing else.
    ignoreAnnotations: true,
    // CommonJS packages load Node's modules with `require`.
    banner: {
      js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
    },
    plugins: [plugin],
  });
  return { path: outfile, mutants };
}
