/** Detects whether an input concerns KMS, before and after it is parsed. */

import type { Source } from "../model/source.ts";
import { isPlan } from "../model/terraform-module.ts";
import { foreignEncoding } from "./encoding.ts";

const keywords = ["Statement", "kms", "KMS", "Kms", "kMs", "kmS", "KMs", "KmS", "kMS"];

/**
 * Returns false if a file cannot concern KMS. Files about KMS keys contain the name KMS; a key policy may
 * contain only a Statement. Searches the bytes, so that most files of a large tree need not be decoded.
 */
export function bytesMayConcernKms(bytes: Buffer): boolean {
  if (foreignEncoding(bytes) === null) return keywords.some((word) => bytes.includes(word));
  // Without the null bytes, the letters of UTF-16 and UTF-32 are plain ASCII.
  const narrow = Buffer.from(bytes.filter((byte) => byte !== 0));
  return keywords.some((word) => narrow.includes(word));
}

/** Returns whether the text of a file found in a directory is worth parsing. */
export const mayConcernKms = ({ path, text }: Source): boolean =>
  /kms/i.test(text) ||
  (text.includes("Statement") && /kms|key.?policy/i.test(path)) ||
  (/AWS::|"aws_/.test(text) && dataClassification.test(text));

/** Tags that classify data: a data store with such a tag may have to be encrypted with a customer managed key. */
const dataClassification =
  /data[-_:. ]?(class|sensitivity)|classification|["'\s](compliance|sensitivity)["']?\s*[:=,\n]/i;

/**
 * Returns whether a source that cannot be parsed is certainly about KMS: a template, a change set, a plan, a Kubernetes
 * object or a key policy.
 */
export const certainlyConcernsKms = ({ text }: Source): boolean =>
  (text.includes("AWS::KMS::") && /\bResource(s|Change)\b/.test(text)) ||
  (/"aws_kms_/.test(text) && isPlan(text)) ||
  kubernetesKind.test(text) ||
  (/["'\s]kms:[A-Za-z*]/i.test(text) && /["']?Statement["']?\s*:/.test(text) && /Principal/.test(text));

const kubernetesKind =
  /^[\s-]*["']?apiVersion["']?\s*:\s*["']?kms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//m;

/** Returns whether a string is Terraform source, in HCL or JSON syntax. */
export const isTerraformSource = (text: string): boolean =>
  /^\s*(?:(?:resource|data)\s+"?[\w-]+"?\s+"?[\w-]+"?|(?:module|variable|output|provider)\s+"?[\w-]+"?|locals|terraform)\s*\{/m.test(
    text,
  ) || /^\s*\{\s*"(?:resource|data|module|variable|locals|provider|terraform)"\s*:\s*[{[]/.test(text);

/** The notice for inputs without KMS content. A run without any output would look like a pass. */
export const nothingFoundMessage = "no KMS key, alias, grant or key policy found: nothing checked";

/** Returns why a file that the user named has nothing to check. */
export const reasonNothingChecked = ({ text }: Source): string =>
  /\bkms\.(services\.k8s\.aws|aws\.(m\.)?upbound\.io|aws\.crossplane\.io)\//.test(text)
    ? "does not create or delete a KMS key, alias or grant: nothing checked"
    : /AWS::KMS::\w|aws_kms_\w/.test(text)
      ? "does not create or keep a KMS key, alias or grant (conditions are evaluated with the parameter defaults): nothing checked"
      : "contains no KMS key, alias, grant or key policy: nothing checked";
