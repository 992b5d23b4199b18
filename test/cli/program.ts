import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { main } from "../../src/hosts/cli/main.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: NodeJS.ProcessEnv;
  /** Whether standard error is a terminal. */
  terminal?: boolean;
}

/** Runs a command line in this process, in the working directory. */
export function keywarden(args: string[], { env = {}, terminal = false }: RunOptions = {}): Result {
  const out: string[] = [];
  const err: string[] = [];
  const code = main(args, {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    env,
    cwd: process.cwd(),
    stderrIsTerminal: terminal,
    asset: (path) => readFileSync(join(root, path)),
  });
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** Changes to a new directory, which is removed after the tests. Returns a function that writes files into it. */
export function inFolder(): (name: string, content: string) => string {
  const directory = mkdtempSync(join(tmpdir(), "keywarden-"));
  process.chdir(directory);
  after(() => {
    process.chdir(root);
    rmSync(directory, { recursive: true, force: true });
  });
  return (name, content) => {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
    return name;
  };
}

const owner = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const anybody = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
const grants = {
  Sid: "Grants",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
  Action: "kms:CreateGrant",
  Resource: "*",
};

/** Inputs with a finding of each level, with none, with an unknown verdict, and with a part that is not checked. */
export const samples = {
  good: policy(owner),
  warning: policy(owner, grants),
  error: policy(owner, anybody),
  note: "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties: {EnableKeyRotation: true, PendingWindowInDays: 30}\n",
  unseen: `Transform: OrganizationDefaults
Resources:
  Key:
    Type: AWS::KMS::Key
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties: {EnableKeyRotation: true, KeyPolicy: ${policy(owner)}}
`,
  unknown:
    "Parameters: {Who: {Type: String}}\nResources:\n  Key:\n    Type: AWS::KMS::Key\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      EnableKeyRotation: true\n      KeyPolicy:\n        Statement:\n          - {Effect: Allow, Principal: {AWS: !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}, Action: 'kms:*', Resource: '*'}\n          - {Effect: Allow, Principal: {AWS: !Ref Who}, Action: 'kms:Decrypt', Resource: '*'}\n",
};
