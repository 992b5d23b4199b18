/** The entry point of the GitHub Action (action.yml), bundled into dist/action.js next to the command line. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runAction } from "./action.ts";

const program = fileURLToPath(new URL("cli.js", import.meta.url));

process.exitCode = runAction(
  process.env,
  (args) => spawnSync(process.execPath, [program, ...args], { stdio: "inherit" }).status,
  console.log,
);
