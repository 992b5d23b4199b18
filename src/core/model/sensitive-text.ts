import facts from "./facts.json" with { type: "json" };
import { isRegion } from "./region.ts";

/**
 * A shorter text is part of so many others that a report without it would be useless. It is redacted only at its positions
 * and, as a whole word, in what the report and the document say about them.
 */
const MIN_LENGTH = 4;
/** A text of this length is redacted inside of words, too: `xhunter2hunter2x`. */
export const MIN_LENGTH_INSIDE_WORDS = 8;

/**
 * Words with which outputs describe every input. A sensitive value can be one of them, but the word then reveals nothing,
 * and only the positions of the value are redacted. The same holds for the vocabulary of AWS.
 */
const COMMON_WORDS = new Set(
  `access account action admin alias aliases allow always apply false data default deny dev development disabled enabled
  encrypt decrypt error external fail grant internal key keys kms main name never none note null pass policy prod
  production principal public region resource role root service staging statement tags test true unknown user value
  verdict version warning`.split(/\s+/),
);

const ACTIONS = new Set(facts.actions);

/**
 * Returns whether a text is an operation of AWS KMS, a Region, a service principal, an account or a global value of AWS.
 * An account ID is in every ARN, and AWS does not consider it secret:
 * https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
 */
const isVocabulary = (text: string): boolean =>
  COMMON_WORDS.has(text.toLowerCase()) ||
  ACTIONS.has(text.replace(/^kms:/, "")) ||
  isRegion(text) ||
  Object.hasOwn(facts.carriers, text.toLowerCase()) ||
  /^([a-z\d.-]+\.amazonaws\.com(\.cn)?|arn:aws[a-z-]*:?|(arn:aws[a-z-]*:iam::)?\d{12}(:root)?|kms:\*|\d{4}-\d\d-\d\d|SYMMETRIC_DEFAULT|RSA_\d{4}|HMAC_\d{3}|ENCRYPT_DECRYPT|SIGN_VERIFY)$/.test(
    text,
  );

/** Returns whether a text is redacted only in the context of its positions. */
export const isLocalText = (text: string): boolean => text.length < MIN_LENGTH || isVocabulary(text);
