/**
 * Bundles the command line, the library, the GitHub Action and the Lambda function into dist/, one file each. Needs Node
 * alone; the compiled rules are read from bundles/ at run time, but for the function, which has them in it.
 */
import { chmodSync, readFileSync } from "node:fs";
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

const options: BuildOptions = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  legalComments: "none",
  plugins: [noHostBuiltins, ownReaders],
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
await build({ ...options, entryPoints: ["src/index.ts"], banner: { js: require } });
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
