/**
 * Bundles the command line, the server, the library, the CDK plugin, the GitHub Action and the Lambda function into dist/.
 * The command line and the server share chunk-*.js; the others are one file each. All need only Node, except
 * dist/browser.js, which doesn't need Node. They read the compiled rules from bundles/ at run time, except the Lambda
 * function, which includes them. dist/sbom.cdx.json and dist/licenses.txt list the third-party code.
 */
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { brotliCompressSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";
import { bundled, licenses, type Package, sbom } from "./third-party.ts";

const root = new URL("..", import.meta.url).pathname;

/** Removes opa-wasm's built-in functions: the compiled rules call no host function, which a test verifies. */
const noHostBuiltins: Plugin = {
  name: "no-host-builtins",
  setup(build) {
    build.onLoad({ filter: /opa-wasm[\\/]src[\\/]builtins[\\/]index\.js$/ }, () => ({
      contents: "module.exports = {};",
    }));
  },
};

/** CommonJS packages load Node's modules with `require`. */
const require =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/** Replaces Node's modules, and packages that read files, for environments without Node. */
const withoutNode: Plugin = {
  name: "without-node",
  setup({ onResolve, resolve }) {
    const at = (path: string) => ({ path: `${root}${path}` });
    onResolve({ filter: /^node:crypto$/ }, () => at("src/hosts/library/crypto.ts"));
    onResolve({ filter: /^node:path$/ }, ({ resolveDir }) =>
      resolve("path-browserify", { resolveDir, kind: "import-statement" }),
    );
  },
};

/** Embeds the compiled rules in compressed form, a fifth of their size, because Lambda loads them at each cold start. */
const compressedRules: Plugin = {
  name: "compressed-rules",
  setup({ onLoad }) {
    onLoad({ filter: /policy\.wasm$/ }, ({ path }) => ({
      contents: `import { brotliDecompressSync } from "node:zlib";
        export default brotliDecompressSync(Buffer.from("${brotliCompressSync(readFileSync(path)).toString("base64")}", "base64"));`,
    }));
  },
};

const plugins = [noHostBuiltins];
const inputs: { [output: string]: string[] } = {};

/** Keeps identifiers: the server logs the stack traces of unexpected errors. */
const options: BuildOptions = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  metafile: true,
  // cosmiconfig loads TypeScript for its own loaders, which Keywarden replaces.
  external: ["typescript"],
  // The output contains the paths of CommonJS modules. If node_modules is a link, they must not depend on its target.
  preserveSymlinks: true,
  plugins,
  logLevel: "warning",
};

async function bundle(own: BuildOptions): Promise<Metafile["outputs"]> {
  const { metafile } = await build({ ...options, ...own });
  const { outputs } = metafile as Metafile;
  for (const [path, output] of Object.entries(outputs)) inputs[path] = Object.keys(output.inputs).sort();
  return outputs;
}

const program = await bundle({
  entryPoints: {
    cli: "src/hosts/cli/cli.ts",
    health: "src/hosts/cli/health.ts",
    serve: "src/hosts/server/serve.ts",
    worker: "src/hosts/server/worker.ts",
  },
  splitting: true,
  banner: { js: require },
});
for (const name of readdirSync(`${root}dist`))
  if (name.startsWith("chunk-") && program[`dist/${name}`] === undefined) rmSync(`${root}dist/${name}`);
chmodSync(`${root}dist/cli.js`, 0o755);

await bundle({ entryPoints: { action: "src/hosts/action/main.ts" }, banner: { js: require } });

const text = (path: string) => readFileSync(`${root}${path}`, "utf8");
const about = JSON.parse(text("package.json")) as { name: string; version: string; license: string };
await bundle({
  entryPoints: { "aws-lambda": "src/hosts/aws-lambda/index.ts" },
  banner: { js: require },
  plugins: [...plugins, compressedRules],
  define: {
    RULES: JSON.stringify(JSON.stringify(JSON.parse(text("bundles/rules.json")))),
    PACKAGE: JSON.stringify(JSON.stringify({ version: about.version })),
  },
});

/**
 * Builds the library for programs. Many of them are CommonJS, including most CDK apps. The ES module only re-exports the
 * CommonJS module: with two copies, a CheckError of one would not be an instance of the other's class.
 */
for (const [name, host] of Object.entries({ index: "library", cdk: "cdk" })) {
  await bundle({
    entryPoints: { [name]: `src/hosts/${host}/index.ts` },
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    define: { "import.meta.url": "ownUrl" },
    banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  writeFileSync(`${root}dist/${name}.js`, esm(name));
}

await bundle({
  entryPoints: ["src/hosts/library/browser.ts"],
  platform: "browser",
  target: "es2023",
  minify: true,
  inject: ["src/hosts/library/process.ts"],
  plugins: [...plugins, withoutNode],
});

const packages = [...bundled(root, inputs), ...(JSON.parse(text("scripts/modules.json")) as Package[])];
writeFileSync(`${root}dist/sbom.cdx.json`, sbom(about, packages));
writeFileSync(`${root}dist/licenses.txt`, licenses(packages));

/** Returns an ES module that re-exports the names of a CommonJS module. */
function esm(name: string): string {
  const cjs = `${root}dist/${name}.cjs`;
  const names = Object.keys(createRequire(import.meta.url)(cjs)).sort();
  return `import all from "./${name}.cjs";\nexport const { ${names.join(", ")} } = all;\n`;
}
