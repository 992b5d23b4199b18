/**
 * Entry of the Lambda function behind a hook of CloudFormation, bundled into dist/aws-lambda.js: one file with the
 * compiled rules in it. deploy/cloudformation-hook/template.yaml deploys it.
 */
import wasm from "../../../bundles/policy.wasm";
import type { Io } from "../../session/host-io.ts";
import { configured } from "./configured.ts";
import { handlerFor } from "./handler.ts";

export type { Annotation, Response } from "../../gate/protocols/hooks/response.ts";
export type { Context, Handler } from "./handler.ts";

/** Texts that the build puts in. */
declare const RULES: string;
declare const PACKAGE: string;

const texts: { [path: string]: string } = { "bundles/rules.json": RULES, "package.json": PACKAGE };

const io: Io = {
  stdout: (text) => console.log(text),
  stderr: (text) => console.error(text),
  env: process.env,
  // The folder of the function.
  cwd: process.env["LAMBDA_TASK_ROOT"] ?? process.cwd(),
  asset(path) {
    const text = texts[path];
    if (text !== undefined) return Buffer.from(text);
    if (path === "bundles/policy.wasm") return wasm;
    throw new Error(`${path} is not part of the function.`);
  },
};

/** Answers invocations of hooks. What it needs is made before the first one, while Lambda starts the function. */
export const handler = handlerFor(configured(io), (line) => console.log(line));
