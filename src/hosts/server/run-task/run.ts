import { createHmac, timingSafeEqual } from "node:crypto";
import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import type { Request } from "../../../gate/protocol.ts";
import type { Facts } from "../../../gate/protocols/run-task.ts";

/** What HCP Terraform asks about a run. */
export interface Run extends Facts {
  /** Of the result that is waited for. */
  id: string;
  /** May read the plan and send the result; good for this run alone. Never to be logged. */
  token: string;
  stage: string;
  enforcement: string;
  callback: string;
  /** Where the plan is as JSON; absent before there is one. */
  plan?: string;
  /** Whether more than a message is understood. */
  outcomes: boolean;
}

/**
 * Whether a request comes from somebody who has the key: an HMAC-SHA512 over the body as it came.
 * https://developer.hashicorp.com/terraform/cloud-docs/integrations/run-tasks#securing-your-run-task
 */
export function isSigned({ headers, body }: Request, key: string | Uint8Array): boolean {
  const given = headers["x-tfc-task-signature"] ?? "";
  if (!/^[0-9a-f]{128}$/i.test(given)) return false;
  return timingSafeEqual(Buffer.from(given, "hex"), createHmac("sha512", key).update(body).digest());
}

/** What a body says, `ping` where HCP Terraform only tries whether somebody answers, or what is wrong with it. */
export function runOf(body: Uint8Array): Run | "ping" | { wrong: string } {
  const value = valueOf(body);
  if (!isMap(value)) return { wrong: "The body is no JSON object." };
  if (value.access_token === "test-token") return "ping";
  if (value.payload_version !== 1) return { wrong: "The version of the payload is not 1." };
  const text = (name: string): string => (typeof value[name] === "string" ? value[name] : "");
  const [token, callback, id] = [
    text("access_token"),
    text("task_result_callback_url"),
    text("task_result_id"),
  ];
  if (token === "" || callback === "" || id === "")
    return { wrong: "The body lacks access_token, task_result_callback_url or task_result_id." };
  // It goes into a header.
  if (!/^[\x21-\x7e]+$/.test(token))
    return { wrong: "The access_token holds other than visible characters." };
  const plan = text("plan_json_api_url");
  return {
    id,
    token,
    callback,
    stage: text("stage"),
    enforcement: text("task_result_enforcement_level"),
    organization: text("organization_name"),
    workspace: text("workspace_name"),
    run: text("run_id"),
    outcomes: isMap(value.capabilities) && value.capabilities.outcomes === true,
    ...(plan === "" ? {} : { plan }),
  };
}

function valueOf(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(body).toString()) as Json;
  } catch {
    return undefined;
  }
}
