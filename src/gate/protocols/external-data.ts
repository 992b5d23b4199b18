import type { Document } from "../../core/model/document.ts";
import { plainLine } from "../../core/model/escape.ts";
import { isMap } from "../../core/model/json.ts";
import type { OpenQuestion } from "../../core/model/open-questions.ts";
import type { Finding } from "../../core/model/report.ts";
import { encodeJson } from "../../reporters/encode.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { Decider, DecisionOutcome } from "../decision.ts";
import { findingCounts } from "../finding-counts.ts";
import { valueOfJson } from "../json.ts";
import { utf8ToString } from "../media.ts";
import { truncateText, undecidedReason } from "../messages.ts";
import type { Protocol, ProtocolRequest, ProtocolResponse, RequestFailure } from "../protocol.ts";
import {
  decideObject,
  decideReview,
  type ReviewDecision,
  reportedFindings,
  reviewDecision,
} from "./kubernetes/decision.ts";
import { findingMessage } from "./kubernetes/messages.ts";
import { objectNames, objectPath, reviewFromJson } from "./kubernetes/review.ts";

export const EXTERNAL_DATA_PATH = "/gatekeeper/external-data";

/**
 * An external data provider for OPA Gatekeeper (https://open-policy-agent.github.io/gatekeeper/website/docs/externaldata).
 * A key is the JSON of an object or of an AdmissionReview. Its value is a list with one message for each denying
 * finding, or an empty string.
 */
export const externalDataProtocol: Protocol = {
  name: "gatekeeper-external-data",
  matches: (method, path) => method === "POST" && path === EXTERNAL_DATA_PATH,
  handle,
  handleFailure,
};

interface ProviderItem {
  key: string;
  value: string[] | "";
  /** Empty if there is a value. */
  error: string;
}

/** Maximum messages per object. */
const MAX_MESSAGES = 20;
const MAX_MESSAGE_CHARACTERS = 1500;

function handle({ body }: ProtocolRequest, decide: Decider): ProtocolResponse {
  const keys = parseKeys(body);
  if (typeof keys === "string")
    return providerResponse([], keys, "undecided", undefined, [], undecidedReason({ outcome: "undecided" }));
  const decisions = keys.map((key) => decideKey(key, decide));
  const items = decisions.map(({ item }) => item);
  const outcomes = decisions.map(({ outcome }) => outcome);
  const outcome =
    (["undecided", "denied", "allowed"] as const).find((candidate) => outcomes.includes(candidate)) ??
    "empty";
  // A decision record has one input. Gatekeeper's constraint templates send one object per request.
  const document = decisions.length === 1 ? decisions[0]?.document : undefined;
  const findings = decisions.flatMap((decision) => decision.findings ?? []);
  const openQuestions = decisions.flatMap((decision) => decision.openQuestions ?? []);
  return providerResponse(
    items,
    "",
    outcome,
    document,
    findings,
    undecidedReason({ outcome, openQuestions }),
  );
}

/** Returns the keys of a ProviderRequest, or an error message. */
function parseKeys(body: Uint8Array): string[] | string {
  const value = valueOfJson(utf8ToString(body));
  if (value === undefined) return "The body is not valid JSON.";
  const keys = isMap(value) && isMap(value.request) ? value.request.keys : undefined;
  const isProviderRequest =
    isMap(value) &&
    value.kind === "ProviderRequest" &&
    value.apiVersion === "externaldata.gatekeeper.sh/v1beta1";
  if (!isProviderRequest || !Array.isArray(keys) || !keys.every((key) => typeof key === "string"))
    return "The body must be a ProviderRequest of externaldata.gatekeeper.sh/v1beta1 with a list of keys.";
  return keys;
}

interface KeyDecision {
  item: ProviderItem;
  outcome: DecisionOutcome;
  findings?: Finding[];
  openQuestions?: OpenQuestion[];
  document?: Document | undefined;
}

function decideKey(key: string, decide: Decider): KeyDecision {
  const undecided = (message: string): KeyDecision => ({
    item: {
      key,
      value: "",
      error: decide.failMode === "open" ? "" : truncateText(plainLine(message), MAX_MESSAGE_CHARACTERS),
    },
    outcome: "undecided",
  });
  const object = valueOfJson(key);
  if (!isMap(object)) return undecided("The key is not the JSON of an object.");
  const review =
    object.kind === "AdmissionReview" ? reviewFromJson(object, key) : { object, oldObject: null };
  if (typeof review === "string") return undecided(review);
  const decision =
    "operation" in review
      ? decideReview(review, decide)
      : reviewDecision(
          decideObject({ path: objectPath(objectNames({}, object)), text: key }, decide),
          decide,
        );
  const { outcome, openQuestions, document } = decision;
  const findings = reportedFindings(decision);
  if (outcome === "undecided")
    return {
      ...undecided(openQuestions.map(({ message, remedy }) => `${message} ${remedy}`).join(" ")),
      document,
      findings,
      openQuestions,
    };
  return { item: { key, value: messagesOf(decision, review), error: "" }, outcome, document, findings };
}

function messagesOf(
  { denyingFindings }: ReviewDecision,
  objects: Parameters<typeof findingMessage>[1],
): ProviderItem["value"] {
  if (denyingFindings.length === 0) return "";
  const messages = denyingFindings
    .slice(0, MAX_MESSAGES)
    .map((finding) => truncateText(findingMessage(finding, objects), MAX_MESSAGE_CHARACTERS));
  return denyingFindings.length > MAX_MESSAGES
    ? [...messages, `… and ${denyingFindings.length - MAX_MESSAGES} more`]
    : messages;
}

/** Gatekeeper reads the body regardless of the HTTP status, and treats a systemError as a failure of the request. */
function providerResponse(
  items: ProviderItem[],
  systemError: string,
  outcome: DecisionOutcome,
  input?: Document,
  findings: Finding[] = [],
  reason?: string,
): ProtocolResponse {
  const response = { idempotent: true, items, systemError };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: encodeJson({
      apiVersion: "externaldata.gatekeeper.sh/v1beta1",
      kind: "ProviderResponse",
      response,
    }),
    decision: {
      path: "gatekeeper/external-data",
      outcome,
      // The keys are the input, so they are not part of the result.
      result: { items: items.map(({ value, error }) => ({ value, error })), systemError },
      ...(input === undefined ? {} : { input }),
      ...(reason === undefined ? {} : { reason }),
      findings: findingCounts(findings),
    },
  };
}

/** In fail mode `open`, the value of every readable key is empty. */
function handleFailure(
  { body }: ProtocolRequest,
  { message }: RequestFailure,
  failMode: FailMode,
): ProtocolResponse {
  const keys = failMode === "open" ? parseKeys(body) : "";
  if (typeof keys === "string")
    return providerResponse(
      [],
      truncateText(plainLine(message), MAX_MESSAGE_CHARACTERS) || "Keywarden failed.",
      "undecided",
    );
  return providerResponse(
    keys.map((key) => ({ key, value: "", error: "" })),
    "",
    "undecided",
  );
}
