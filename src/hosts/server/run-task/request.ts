import { createHmac, timingSafeEqual } from "node:crypto";
import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import type { ProtocolRequest } from "../../../gate/protocol.ts";
import type { RunIdentity } from "../../../gate/protocols/run-task/index.ts";

/** A request of HCP Terraform to check a run. */
export interface RunTaskRequest extends RunIdentity {
  /** ID of the task result. */
  id: string;
  /** Token to download the plan and send the result of this run. Must not be logged. */
  token: string;
  stage: string;
  enforcement: string;
  /** URL to send results to. */
  callback: string;
  /** URL of the plan as JSON; absent in stages before the plan. */
  planUrl?: string;
  /** True if HCP Terraform accepts outcomes in addition to a message. */
  supportsOutcomes: boolean;
}

/**
 * Returns whether the request has a valid signature, an HMAC-SHA512 of the body.
 * https://developer.hashicorp.com/terraform/cloud-docs/integrations/run-tasks#securing-your-run-task
 */
export function isSigned({ headers, body }: ProtocolRequest, key: string | Uint8Array): boolean {
  const signature = headers["x-tfc-task-signature"] ?? "";
  if (!/^[0-9a-f]{128}$/i.test(signature)) return false;
  return timingSafeEqual(Buffer.from(signature, "hex"), createHmac("sha512", key).update(body).digest());
}

/** Returns the request, `verification` for the request that verifies the endpoint, or an error message. */
export function parseRunTaskRequest(body: Uint8Array): RunTaskRequest | "verification" | { error: string } {
  const value = parseJson(body);
  if (!isMap(value)) return { error: "The body is not a JSON object." };
  if (value.access_token === "test-token") return "verification";
  if (value.payload_version !== 1) return { error: "The payload_version is not 1." };
  const stringAt = (name: string): string => (typeof value[name] === "string" ? value[name] : "");
  const [token, callback, id] = [
    stringAt("access_token"),
    stringAt("task_result_callback_url"),
    stringAt("task_result_id"),
  ];
  if (token === "" || callback === "" || id === "")
    return { error: "The body has no access_token, task_result_callback_url or task_result_id." };
  // The token becomes part of a header.
  if (!/^[\x21-\x7e]+$/.test(token))
    return { error: "The access_token has characters that are not printable ASCII." };
  const planUrl = stringAt("plan_json_api_url");
  return {
    id,
    token,
    callback,
    stage: stringAt("stage"),
    enforcement: stringAt("task_result_enforcement_level"),
    organization: stringAt("organization_name"),
    workspace: stringAt("workspace_name"),
    run: stringAt("run_id"),
    supportsOutcomes: isMap(value.capabilities) && value.capabilities.outcomes === true,
    ...(planUrl === "" ? {} : { planUrl }),
  };
}

function parseJson(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString()) as Json;
  } catch {
    return undefined;
  }
}
