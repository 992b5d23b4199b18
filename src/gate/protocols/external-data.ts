import type { Document } from "../../core/model/document.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import type { Json } from "../../core/model/source.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { Decide, Outcome } from "../decide.ts";
import { utf8 } from "../media.ts";
import { cut } from "../messages.ts";
import type { Answer, Failure, Protocol, Request } from "../protocol.ts";
import { namesOf, pathOf, reviewOf } from "./kubernetes/review.ts";
import { judgeReview, type Verdict, verdictOf } from "./kubernetes/verdict.ts";
import { clean, detailOf } from "./kubernetes/words.ts";

export const EXTERNAL_DATA = "/gatekeeper/external-data";

/**
 * A provider of external data for OPA Gatekeeper (https://open-policy-agent.github.io/gatekeeper/website/docs/externaldata).
 * A key is the JSON of an object, or of an AdmissionReview; its value a list of texts, one for each finding that
 * denies, or the empty text.
 */
export const externalData: Protocol = {
  name: "gatekeeper-external-data",
  answers: (method, path) => method === "POST" && path === EXTERNAL_DATA,
  answer,
  failed,
};

interface Item {
  key: string;
  value: string[] | "";
  /** Why there is no value; empty where there is one. */
  error: string;
}

/** Texts for one object. */
const TEXTS = 20;
const LENGTH = 1500;

function answer({ body }: Request, decide: Decide): Answer {
  const keys = keysIn(body);
  if (typeof keys === "string") return answered([], keys, "undecided");
  const judged = keys.map((key) => judge(key, decide));
  const items = judged.map(({ item }) => item);
  const outcomes = judged.map(({ outcome }) => outcome);
  const outcome = (["undecided", "denied"] as const).find((one) => outcomes.includes(one)) ?? "allowed";
  // A decision has one input: Gatekeeper's templates ask for one object at a time.
  return answered(items, "", outcome, judged.length === 1 ? judged[0]?.document : undefined);
}

/** The keys of a ProviderRequest, or what is wrong with it. */
function keysIn(body: Uint8Array): string[] | string {
  let value: Json;
  try {
    value = JSON.parse(utf8(body) ?? "");
  } catch {
    return "The request is no JSON.";
  }
  const keys = isMap(value) && isMap(value.request) ? value.request.keys : undefined;
  const isOurs =
    isMap(value) &&
    value.kind === "ProviderRequest" &&
    value.apiVersion === "externaldata.gatekeeper.sh/v1beta1";
  if (!isOurs || !Array.isArray(keys) || !keys.every((key) => typeof key === "string"))
    return "A ProviderRequest of externaldata.gatekeeper.sh/v1beta1 with a list of keys is wanted.";
  return keys;
}

interface Judged {
  item: Item;
  outcome: Outcome;
  document?: Document | undefined;
}

function judge(key: string, decide: Decide): Judged {
  const undecided = (message: string): Judged => ({
    item: { key, value: "", error: decide.mode === "open" ? "" : cut(clean(message), LENGTH) },
    outcome: "undecided",
  });
  const object = objectIn(key);
  if (object === undefined) return undecided("The key is no JSON of an object.");
  const review = object.kind === "AdmissionReview" ? reviewOf(object, key) : { object, oldObject: null };
  if (typeof review === "string") return undecided(review);
  const verdict =
    "operation" in review
      ? judgeReview(review, decide)
      : verdictOf(decide([{ path: pathOf(namesOf({}, object)), text: key, named: true }]), decide);
  const { outcome, problems, document } = verdict;
  if (outcome === "undecided")
    return {
      ...undecided(problems.map(({ message, remedy }) => `${message} ${remedy}`).join(" ")),
      document,
    };
  return { item: { key, value: textsOf(verdict, review), error: "" }, outcome, document };
}

function objectIn(key: string): JsonMap | undefined {
  try {
    const value: Json = JSON.parse(key);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textsOf({ reasons }: Verdict, objects: Parameters<typeof detailOf>[1]): Item["value"] {
  if (reasons.length === 0) return "";
  const texts = reasons.slice(0, TEXTS).map((finding) => cut(detailOf(finding, objects), LENGTH));
  return reasons.length > TEXTS ? [...texts, `… and ${reasons.length - TEXTS} more`] : texts;
}

/** Gatekeeper reads the body whatever the status, and takes a systemError for a failure of the whole. */
function answered(items: Item[], systemError: string, outcome: Outcome, input?: Document): Answer {
  const response = { idempotent: true, items, systemError };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      apiVersion: "externaldata.gatekeeper.sh/v1beta1",
      kind: "ProviderResponse",
      response,
    }),
    decision: {
      path: "gatekeeper/external-data",
      outcome,
      // The keys are the input.
      result: { items: items.map(({ value, error }) => ({ value, error })), systemError },
      ...(input === undefined ? {} : { input }),
    },
  };
}

/** In the fail mode `open` every key that can be read has an empty value. */
function failed({ body }: Request, { message }: Failure, mode: FailMode): Answer {
  const keys = mode === "open" ? keysIn(body) : "";
  if (typeof keys === "string")
    return answered([], cut(clean(message), LENGTH) || "Keywarden failed.", "undecided");
  return answered(
    keys.map((key) => ({ key, value: "", error: "" })),
    "",
    "undecided",
  );
}
