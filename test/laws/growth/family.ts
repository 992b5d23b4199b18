/** A kind of hostile input whose size is proportional to a parameter. */
export interface Family {
  name: string;
  /** A size at which the files have about 100 KB, or the largest size that the format accepts. */
  n: number;
  /** Returns the texts of files by path. */
  files(n: number): { [path: string]: string };
  /** Options of the command line. */
  options?: string[];
}

export const repeat = <T>(n: number, item: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => item(i));

/** Returns a value inside `n` others. */
export function nested<T>(n: number, innermost: T, around: (inner: T, i: number) => T): T {
  let value = innermost;
  for (let i = 0; i < n; i++) value = around(value, i);
  return value;
}

export const json = (value: unknown): string => JSON.stringify(value);

/** Returns a text inside `n` pairs of brackets, without a recursive value. */
export const bracketed = (n: number, open: string, text: string, close: string): string =>
  open.repeat(n) + text + close.repeat(n);

export const root = {
  Sid: "EnableIamPolicies",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};

export const allow = (more: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::444455556666:role/app" },
  Action: "kms:Decrypt",
  Resource: "*",
  ...more,
});

export const policy = (...statements: unknown[]) => ({ Version: "2012-10-17", Statement: statements });

export const key = (keyPolicy: unknown = policy(root), more: object = {}) => ({
  Type: "AWS::KMS::Key",
  DeletionPolicy: "Retain",
  UpdateReplacePolicy: "Retain",
  Properties: { EnableKeyRotation: true, KeyPolicy: keyPolicy, ...more },
});

export const template = (resources: object, more: object = {}) => ({
  AWSTemplateFormatVersion: "2010-09-09",
  ...more,
  Resources: resources,
});
