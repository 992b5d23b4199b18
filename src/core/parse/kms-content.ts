/** Detects whether an input concerns KMS, before and after it is parsed. */

import type { Source } from "../model/source.ts";
import { isPlan } from "../model/terraform-module.ts";
import { foreignEncoding } from "./encoding.ts";

const keywords = ["Statement", "kms", "KMS", "Kms", "kMs", "kmS", "KMs", "KmS", "kMS"];

/** How escapes of letters, and of line breaks inside a word, start. */
const escapeStarts = [
  ...["\\u00", "\\x", "\\U000000"].flatMap((start) => [4, 5, 6, 7].map((digit) => `${start}${digit}`)),
  ...["\\\n", "\\\r"],
];

/**
 * Returns false if a file cannot concern KMS. Files about KMS keys contain the name KMS; a key policy may
 * contain only a Statement. Searches the bytes, so that most files of a large tree need not be decoded.
 */
export function bytesMayConcernKms(bytes: Buffer): boolean {
  // Without the null bytes, the letters of UTF-16 and UTF-32 are plain ASCII.
  const narrow = foreignEncoding(bytes) === null ? bytes : Buffer.from(bytes.filter((byte) => byte !== 0));
  if (keywords.some((word) => narrow.includes(word))) return true;
  if (escapeStarts.some((start) => narrow.includes(start))) {
    const text = withoutEscapes(narrow.toString("latin1"));
    if (keywords.some((word) => text.includes(word))) return true;
  }
  const hasResources = narrow.includes("AWS::") || narrow.includes('"aws_');
  return hasResources && dataClassification.test(narrow.toString("latin1"));
}

const escape = /\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|U([\da-fA-F]{8})|(\r\n?|\n)[ \t]*|([^]))/g;
const whitespace: { readonly [letter: string]: string } = { n: "\n", r: "\r", t: "\t" };

/** A change set, as JSON, can contain a property value that contains a policy, each as JSON inside a string. */
const MAX_NESTED_STRINGS = 4;

/**
 * Returns a text with the escapes of JSON and YAML strings replaced by the characters that they stand for, also those in
 * JSON inside a string. Escaped line breaks are removed.
 */
function withoutEscapes(text: string): string {
  let readable = text;
  for (let depth = 0; depth < MAX_NESTED_STRINGS && readable.includes("\\"); depth++)
    readable = readable.replace(escape, (_, u, x, long, lineBreak, letter) => {
      const code = u ?? x ?? long;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return lineBreak === undefined ? (whitespace[letter] ?? letter) : "";
    });
  return readable;
}

/** Returns whether a test holds for a text as it is written, or with the escapes in its strings replaced. */
export const holdsFor = (text: string, test: (text: string) => boolean): boolean =>
  test(text) || (escapeStarts.some((start) => text.includes(start)) && test(withoutEscapes(text)));

/** Returns whether a text contains the name KMS. */
export const mentionsKms = (text: string): boolean => holdsFor(text, (readable) => /kms/i.test(readable));

/** Returns whether the text of a file found in a directory is worth parsing. */
export const mayConcernKms = ({ path, text }: Source): boolean =>
  holdsFor(
    text,
    (readable) =>
      /kms/i.test(readable) ||
      (readable.includes("Statement") && /kms|key.?policy/i.test(path)) ||
      (/AWS::|"aws_/.test(readable) && dataClassification.test(readable)),
  );

/** Tags that classify data: a data store with such a tag may have to be encrypted with a customer managed key. */
const dataClassification =
  /data[-_:. ]?(class|sensitivity)|classification|["'\s](compliance|sensitivity)["']?\s*[:=,\n]/i;

/**
 * Returns whether a source that cannot be parsed is certainly about KMS: a template, a change set, a plan, a Kubernetes
 * object or a key policy.
 */
export const certainlyConcernsKms = ({ text }: Source): boolean =>
  holdsFor(
    text,
    (readable) =>
      (readable.includes("AWS::KMS::") && /\bResource(s|Change)\b/.test(readable)) ||
      (/"aws_kms_/.test(readable) && isPlan(readable)) ||
      kubernetesKind.test(readable) ||
      (/["'\s]kms:[A-Za-z*]/i.test(readable) &&
        /["']?Statement["']?\s*:/.test(readable) &&
        /Principal/.test(readable)),
  );

const kubernetesKind =
  /(?:^[ \t-]*|[{,]\s*)["']?apiVersion["']?\s*:\s*["']?kms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//m;

/** Returns whether a string is Terraform source, in HCL or JSON syntax. */
export const isTerraformSource = (text: string): boolean =>
  /^[ \t]*(?:(?:resource|data)\s+"?[\w-]+"?\s+"?[\w-]+"?|(?:module|variable|output|provider)\s+"?[\w-]+"?|locals|terraform)\s*\{/m.test(
    text,
  ) || isTerraformJson(text);

/**
 * Returns whether a text is Terraform source in JSON syntax, by the name of its first member. Any JSON may start with a
 * comment, as the output of CDK for Terraform does, so it must also have a block.
 */
const isTerraformJson = (text: string): boolean =>
  /^\s*\{\s*"(?:resource|data|module|variable|output|locals|provider|terraform|check|import|moved|removed|ephemeral)"\s*:\s*[{[]/.test(
    text,
  ) ||
  (/^\s*\{\s*"\/\/"\s*:/.test(text) && /"(?:resource|module|terraform)"\s*:\s*[{[]/.test(text));

/** The notice for inputs without KMS content. A run without any output would look like a pass. */
export const nothingFoundMessage = "no KMS key, alias, grant or key policy found: nothing checked";

/** Returns why a file that the user named has nothing to check. */
export const reasonNothingChecked = ({ text }: Source): string =>
  /\bkms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//.test(text)
    ? "does not create or delete a KMS key, alias or grant: nothing checked"
    : /AWS::KMS::\w|aws_kms_\w/.test(text)
      ? "does not create or keep a KMS key, alias or grant (conditions are evaluated with the parameter defaults): nothing checked"
      : "contains no KMS key, alias, grant or key policy: nothing checked";
