/** Bundles src/cli.ts into dist/cli.js. Needs Node alone; the compiled rules are read from bundles/ at run time. */
import { chmodSync } from "node:fs";
import { build, type Plugin } from "esbuild";

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

await build({
  absWorkingDir: root,
  entryPoints: ["src/cli.ts"],
  outfile: "dist/cli.js",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  minifySyntax: true,
  legalComments: "none",
  banner: { js: "#!/usr/bin/env node" },
  plugins: [noHostBuiltins],
  logLevel: "warning",
});
chmodSync(new URL("../dist/cli.js", import.meta.url), 0o755);
