import { existsSync, readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import type { CheckError, Source } from "../../src/index.ts";

export const root = new URL("../..", import.meta.url).pathname;
export const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
export const bytes = (path: string): Uint8Array => readFileSync(`${root}${path}`);

/** A template with one key. `name` is its logical id. */
export const template = (name = "Key", properties: object = {}): string =>
  JSON.stringify({ Resources: { [name]: { Type: "AWS::KMS::Key", Properties: properties } } });

/** A key without an alias, and with a short waiting period: two findings that settings and levels change. */
export const source = (path = "template.json", days = 10): Source => ({
  path,
  text: template("Key", { PendingWindowInDays: days }),
});

const folder = "policies/kms/rules";

/** The examples of all rules that need no settings, each as a source of its own. */
export const examples = (): Source[] =>
  readdirSync(`${root}${folder}`).flatMap((rule) => {
    const path = `${folder}/${rule}/examples`;
    if (!existsSync(`${root}${path}`) || existsSync(`${root}${path}/settings.yaml`)) return [];
    return readdirSync(`${root}${path}`)
      .sort()
      .map((name) => ({
        path: `${rule}/${name.replace(/\.tf$/, "")}/${name}`,
        text: read(`${path}/${name}`),
      }));
  });

/** Settings as the example of a rule has them. */
export const settingsOf = (rule: string) =>
  (load(read(`${folder}/${rule}/examples/settings.yaml`)) as { keywarden: { settings: object } }).keywarden
    .settings;

export const isCode =
  (code: CheckError["code"], message = /./) =>
  (error: unknown): boolean => {
    const { name, code: own, message: said } = error as CheckError;
    if (name === "CheckError" && own === code && message.test(said)) return true;
    throw error;
  };
