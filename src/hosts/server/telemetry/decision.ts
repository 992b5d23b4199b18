import type { Answered } from "../telemetry.ts";
import { masked } from "./mask.ts";
import { isSuspicious } from "./redact.ts";

export interface Labels {
  /** Of this server. */
  id: string;
  /** Of Keywarden. */
  version: string;
}

/** The bundle's name where OPA has the one that its configuration gives. */
const BUNDLE = "keywarden";
/** Beyond, a line says that something was decided, and leaves out what about. UTF-16 units. */
const LONGEST = 8 * 1024 * 1024;

/**
 * A decision as OPA logs it, as a line: https://www.openpolicyagent.org/docs/management-decision-logs
 * What OPA has no field for stands in `custom`. Undefined where nothing was decided.
 */
export function decisionLine(answered: Answered, labels: Labels, revision: string): string | undefined {
  const { decision, protocol, request, status, from, received, seconds } = answered;
  if (decision === undefined) return undefined;
  const { path, outcome, result, input } = decision;
  const event = (content: { input?: unknown; result?: unknown }, about: { [list: string]: string[] } = {}) =>
    `${JSON.stringify({
      labels,
      decision_id: request.id,
      bundles: { [BUNDLE]: { revision } },
      path,
      ...content,
      ...about,
      requested_by: from,
      timestamp: received.toISOString(),
      metrics: { timer_server_handler_ns: Math.round(seconds * 1e9) },
      custom: { protocol, outcome, status },
    })}\n`;
  const whole = { ...(input === undefined ? {} : { input }), result };
  const line = event(whole);
  if (line.length > LONGEST) return event({}, { erased: Object.keys(whole).map((name) => `/${name}`) });
  if (!isSuspicious(line)) return line;
  const { told, pointers } = masked(whole);
  return pointers.length === 0 ? line : event(told, { masked: pointers });
}
