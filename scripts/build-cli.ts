/**
 * Bundles the command line, the server, the library, the plugin for the CDK, the GitHub Action and the Lambda function
 * into dist/, one file each. Needs Node alone, and dist/browser.js not even that; the compiled rules are read from
 * bundles/ at run time, but for the Lambda function, which has them in it.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = new URL("..", import.meta.url).pathname;

/** The compiled rules ask the host for no built-in function (a test says so), so the package's own stay out. */
const noHostBuiltins: Plugin = {
  name: "no-host-builtins",
  setup(build) {
    build.onLoad({ filter: /opa-wasm[\\/]src[\\/]builtins[\\/]index\.js$/ }, () => ({
      contents: "module.exports = {};",
    }));
  },
};

/**
 * Configurations are read by our own readers, which know lines, so cosmiconfig's stay out; and so do the places in which
 * it looks for its own options: `.config/config.js` of a project is no business of ours.
 */
const ownReaders: Plugin = {
  name: "own-readers",
  setup(build) {
    build.onLoad({ filter: /cosmiconfig[\\/]dist[\\/]defaults\.js$/ }, () => ({
      contents: `
        exports.metaSearchPlaces = [];
        exports.defaultLoaders = exports.defaultLoadersSync = {};
        exports.getDefaultSearchPlaces = exports.getDefaultSearchPlacesSync = () => [];
      `,
    }));
  },
};

/** Packages in CommonJS require the modules of Node. */
const require =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/** What stands in for the modules of Node where there is no Node, and for what reads files. */
const withoutNode: Plugin = {
  name: "without-node",
  setup({ onResolve, onLoad, resolve }) {
    const at = (path: string) => ({ path: `${root}${path}` });
    onResolve({ filter: /^node:crypto$/ }, () => at("src/library/crypto.ts"));
    onResolve({ filter: /^node:path$/ }, ({ resolveDir }) =>
      resolve("path-browserify", { resolveDir, kind: "import-statement" }),
    );
    onResolve({ filter: /^cosmiconfig$/ }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "" }));
  },
};

const plugins = [noHostBuiltins, ownReaders];

const options: BuildOptions = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  legalComments: "none",
  plugins,
  logLevel: "warning",
};
await build({
  ...options,
  entryPoints: ["src/cli.ts"],
  banner: {
    js: `#!/usr/bin/env node
${require}`,
  },
});
await build({
  ...options,
  entryPoints: { serve: "src/server/serve.ts", worker: "src/server/worker.ts" },
  banner: { js: require },
});
await build({ ...options, entryPoints: { action: "src/action/main.ts" }, banner: { js: require } });
const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const { version } = JSON.parse(text("package.json")) as { version: string };
await build({
  ...options,
  entryPoints: { "aws-lambda": "src/aws-lambda/index.ts" },
  banner: { js: require },
  loader: { ".wasm": "binary" },
  define: {
    RULES: JSON.stringify(JSON.stringify(JSON.parse(text("bundles/rules.json")))),
    PACKAGE: JSON.stringify(JSON.stringify({ version })),
  },
});
chmodSync(new URL("../dist/cli.js", import.meta.url), 0o755);

/**
 * What programs load: many are in CommonJS, most apps of the CDK among them. What `import` gets only hands on what
 * `require` gets: with two copies a CheckError of the one would be none to the other.
 */
for (const name of ["index", "cdk"]) {
  await build({
    ...options,
    entryPoints: [`src/${name}.ts`],
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    define: { "import.meta.url": "ownUrl" },
    banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
  });
  writeFileSync(new URL(`../dist/${name}.js`, import.meta.url), esm(name));
}

await build({
  ...options,
  entryPoints: ["src/browser.ts"],
  platform: "browser",
  target: "es2023",
  inject: ["src/library/process.ts"],
  plugins: [...plugins, withoutNode],
});

/** A module with the names that another one in CommonJS has. */
function esm(name: string): string {
  const cjs = new URL(`../dist/${name}.cjs`, import.meta.url).pathname;
  const names = Object.keys(createRequire(import.meta.url)(cjs)).sort();
  return `import all from "./${name}.cjs";\nexport const { ${names.join(", ")} } = all;\n`;
}
