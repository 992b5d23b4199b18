import { readdirSync, readFileSync } from "node:fs";
import type { CheckError, Source } from "../../src/hosts/library/index.ts";

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

/** The examples of all rules, each as a source of its own. */
export const examples = (): Source[] =>
  readdirSync(`${root}${folder}`).flatMap((rule) => {
    const path = `${folder}/${rule}/examples`;
    return readdirSync(`${root}${path}`)
      .filter((name) => name !== "settings.yaml")
      .sort()
      .map((name) => ({
        path: `${rule}/${name.replace(/\.tf$/, "")}/${name}`,
        text: read(`${path}/${name}`),
      }));
  });

export const isCode =
  (code: CheckError["code"], message = /./) =>
  (error: unknown): boolean => {
    const { name, code: own, message: said } = error as CheckError;
    if (name === "CheckError" && own === code && message.test(said)) return true;
    throw error;
  };
