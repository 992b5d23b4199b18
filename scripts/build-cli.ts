/** Bundles the command line and the library into dist/, one file each. Needs Node alone; the compiled rules are read from bundles/ at run time. */
import { chmodSync } from "node:fs";
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

const options: BuildOptions = {
  absWorkingDir: root,
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  legalComments: "none",
  plugins: [noHostBuiltins],
  logLevel: "warning",
};
await build({ ...options, entryPoints: ["src/cli.ts"], banner: { js: "#!/usr/bin/env node" } });
await build({ ...options, entryPoints: ["src/index.ts"] });
chmodSync(new URL("../dist/cli.js", import.meta.url), 0o755);
