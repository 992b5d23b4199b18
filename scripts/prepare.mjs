/**
 * npm's `prepare` script: builds dist/ and bundles/terraform.wasm.br in a clone before npm packs it. There are three cases:
 *   npm install, npm ci   npm has installed the build dependencies
 *   npm install -g GIT    as in pre-commit: npm doesn't install them (npm/cli#8440), so this script does
 *   a release tag         dist/ exists, and nothing needs to be installed
 */
import { execSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";

const exists = (path) => existsSync(new URL(`../${path}`, import.meta.url));

/** True for `npm ci` in the clone itself, as opposed to a project that depends on it through git. */
const isCi =
  process.env.npm_command === "ci" &&
  process.env.INIT_CWD !== undefined &&
  realpathSync(process.env.INIT_CWD) === realpathSync(new URL("..", import.meta.url));

/** Runs a command without the options that determine where npm installs the clone itself. */
function run(command) {
  const { npm_config_global: _, npm_config_prefix: __, npm_config_local_prefix: ___, ...env } = process.env;
  execSync(command, { cwd: new URL("..", import.meta.url), env, stdio: "inherit" });
}

if (!exists("node_modules/esbuild") && !exists("dist/cli.js")) {
  if (process.env.npm_config_global !== "true") {
    console.error(
      "keywarden: Cannot build dist/ without the development dependencies. Run npm install --include=dev.",
    );
    process.exit(1);
  }
  run("npm ci --include=dev --ignore-scripts --no-audit --no-fund");
}
if (exists("node_modules/esbuild")) {
  run("npm run --silent build:cli");
  run("npm run --silent build:types");
  // This takes half a minute and isn't needed to work in the clone; `npm pack` runs this script again.
  if (!isCi) run("npm run --silent build:compressed");
}
