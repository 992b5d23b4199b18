/**
 * A Lambda function for CloudFormation Hooks.
 *
 * The build bundles it into dist/aws-lambda.js, one file that includes the compiled rules.
 * deploy/cloudformation-hook/template.yaml deploys it.
 * @module
 */
import wasm from "../../../bundles/policy.wasm";
import type { Io } from "../../session/host-io.ts";
import { createHookHandler, type HookHandler } from "./handler.ts";
import { loadDecider } from "./load-decider.ts";

export type { HookAnnotation, HookResponse } from "../../gate/protocols/hooks/response.ts";
export type { HookHandler, LambdaContext } from "./handler.ts";

/** Contents of files that the build inserts. */
declare const RULES: string;
declare const PACKAGE: string;

const textAssets: { [path: string]: string } = { "bundles/rules.json": RULES, "package.json": PACKAGE };

const io: Io = {
  stdout: (text) => console.log(text),
  stderr: (text) => console.error(text),
  env: process.env,
  // The directory of the function's code.
  cwd: process.env["LAMBDA_TASK_ROOT"] ?? process.cwd(),
  asset(path) {
    const text = textAssets[path];
    if (text !== undefined) return Buffer.from(text);
    if (path === "bundles/policy.wasm") return wasm;
    throw new Error(`${path} is not part of the function.`);
  },
};

/**
 * Handles invocations by CloudFormation Hooks. The rules and the config are loaded when Lambda initializes the
 * function.
 */
export const handler: HookHandler = createHookHandler(loadDecider(io), (line) => console.log(line));
