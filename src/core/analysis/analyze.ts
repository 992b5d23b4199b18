import type { Document, Key } from "../model/document.ts";
import { accessOf } from "./access.ts";

/** Returns the document with what each statement of each key policy means: who it reaches, under which restriction. */
export const analyze = (document: Document): Document => ({
  ...document,
  keys: document.keys.map(analyzeKey),
});

function analyzeKey(key: Key): Key {
  const { statements, version } = key.policy;
  if (statements.length === 0) return key;
  const policy = { owner: key.owner, statements, version, invented: new Map<string, string>() };
  return {
    ...key,
    policy: {
      ...key.policy,
      statements: statements.map((statement) => ({ ...statement, access: accessOf(statement, policy) })),
    },
  };
}
