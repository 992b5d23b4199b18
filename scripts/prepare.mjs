/**
 * npm's `prepare`: builds dist/ and bundles/terraform.wasm.br in a clone, before it is packed. Three ways lead here:
 *   npm install, npm ci   what the build needs is installed
 *   npm install -g GIT    what pre-commit does: npm installs nothing for the build (npm/cli#8440), so it is done here
 *   a tag of a release    dist/ is there, and nothing has to be installed
 */
import { execSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";

const present = (path) => existsSync(new URL(`../${path}`, import.meta.url));

/** `npm ci` in the clone itself, and not in a project that depends on it by git. */
const isCi =
  process.env.npm_command === "ci" &&
  process.env.INIT_CWD !== undefined &&
  realpathSync(process.env.INIT_CWD) === realpathSync(new URL("..", import.meta.url));

/** Runs a command as if nobody had said where the clone itself is to be installed. */
function run(command) {
  const { npm_config_global: _, npm_config_prefix: __, npm_config_local_prefix: ___, ...env } = process.env;
  execSync(command, { cwd: new URL("..", import.meta.url), env, stdio: "inherit" });
}

if (!present("node_modules/esbuild") && !present("dist/cli.js")) {
  if (process.env.npm_config_global !== "true") {
    console.error(
      "keywarden: dist/ cannot be built without the development dependencies: npm install --include=dev",
    );
    process.exit(1);
  }
  run("npm ci --include=dev --ignore-scripts --no-audit --no-fund");
}
if (present("node_modules/esbuild")) {
  run("npm run --silent build:cli");
  run("npm run --silent build:types");
  // Half a minute, which nobody needs who works in the clone: `npm pack` and the others come here again.
  if (!isCi) run("npm run --silent build:compressed");
}
