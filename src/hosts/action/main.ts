/** Entry of the GitHub Action (action.yml), bundled into dist/action.js beside the command line. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { act } from "./action.ts";

const program = fileURLToPath(new URL("cli.js", import.meta.url));

process.exitCode = act(
  process.env,
  (args) => spawnSync(process.execPath, [program, ...args], { stdio: "inherit" }).status,
  console.log,
);
