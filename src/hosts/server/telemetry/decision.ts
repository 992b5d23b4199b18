import { encodeJson } from "../../../reporters/encode.ts";
import { maskSecrets } from "./mask.ts";
import { mayContainSecret } from "./redact.ts";
import type { AnsweredRequest } from "./types.ts";

export interface DecisionLogLabels {
  /** ID of the server process. */
  id: string;
  /** Version of Keywarden. */
  version: string;
}

/** In OPA, the name of a bundle comes from the config. */
const BUNDLE_NAME = "keywarden";
/** A longer line omits the input and the result. In UTF-16 code units. */
const MAX_LINE_LENGTH = 8 * 1024 * 1024;

/** The parts of a decision that may be large or contain secrets of their authors. */
interface DecisionContent {
  input?: unknown;
  result?: unknown;
}

/**
 * Returns a decision as a line in OPA's format: https://www.openpolicyagent.org/docs/management-decision-logs
 * Fields that OPA does not have are in `custom`. Returns undefined if nothing was decided.
 */
export function decisionLine(
  answered: AnsweredRequest,
  labels: DecisionLogLabels,
  revision: string,
): string | undefined {
  const { decision, protocol, request, status, clientAddress, correlation, received, seconds } = answered;
  if (decision === undefined) return undefined;
  const { path, outcome, result, input, error } = decision;
  const { request_id, ...trace } = correlation ?? {};
  const toLine = (content: DecisionContent, omissions: { [list: string]: string[] } = {}) =>
    encodeJson({
      labels,
      decision_id: request.id,
      ...trace,
      bundles: { [BUNDLE_NAME]: { revision } },
      path,
      ...content,
      ...omissions,
      error,
      requested_by: clientAddress,
      timestamp: received.toISOString(),
      metrics: { timer_server_handler_ns: Math.round(seconds * 1e9) },
      custom: { protocol, outcome, status, request_id },
    });
  const content = {
    ...(input === undefined ? {} : { input }),
    ...(result === undefined ? {} : { result }),
  };
  const line = toLine(content);
  if (line.length > MAX_LINE_LENGTH) return toLine({}, { erased: pointersTo(content) });
  if (!mayContainSecret(line)) return line;
  const { masked, pointers } = maskSecrets(content);
  return pointers.length === 0 ? line : toLine(masked, { masked: pointers });
}

/** Returns a line without its input and result, or undefined if it has neither. */
export function withoutContent(line: string): string | undefined {
  const { input, result, masked: _, ...rest } = JSON.parse(line) as DecisionContent & { masked?: string[] };
  const erased = pointersTo({ input, result });
  return erased.length === 0 ? undefined : encodeJson({ ...rest, erased });
}

const pointersTo = (content: DecisionContent): string[] =>
  Object.entries(content)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `/${name}`);
