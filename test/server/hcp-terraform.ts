import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TaskResult } from "../../src/gate/protocols/run-task/index.ts";
import { until } from "../until.ts";
import type { Certificate } from "./certificates.ts";
import { ask } from "./served.ts";

/** A run, as HCP Terraform shows it after a run task. */
export interface RunAfterTask {
  status: "passed" | "failed";
  message: string;
  outcomes: string[];
  /** A failed mandatory task stops the run; after a failed advisory one, it continues with a warning. */
  continues: boolean;
}

export interface RunOptions {
  /** The body of the download, and its status. */
  plan: string | Buffer;
  downloadStatus?: number;
  stage?: "pre_plan" | "post_plan" | "pre_apply" | "post_apply";
  enforcement?: "advisory" | "mandatory";
}

/**
 * HCP Terraform as its documentation describes it: sends signed requests to a run task, serves plans with a redirect to
 * the archivist, and accepts only valid results.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration
 */
export class HcpTerraform {
  readonly #key: string;
  readonly #app: Server;
  readonly #archivist: Server;
  readonly #runs = new Map<string, { options: RunOptions; token: string; results: TaskResult[] }>();

  private constructor(certificate: Certificate, key: string) {
    this.#key = key;
    this.#app = createServer(certificate, (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const [, id = "", resource] = /^\/api\/v2\/([\w-]+)\/([\w-]+)$/.exec(request.url ?? "") ?? [];
        const run = this.#runs.get(id);
        const isAuthorized = request.headers.authorization === `Bearer ${run?.token}`;
        if (run === undefined || !isAuthorized) return void response.writeHead(404).end();
        if (request.method === "GET" && resource === "json-output")
          return void response.writeHead(307, { location: `${hostOf(this.#archivist)}/object/${id}` }).end();
        if (request.method !== "PATCH" || resource !== "callback") return void response.writeHead(405).end();
        const error = resultError(request.headers["content-type"], Buffer.concat(chunks).toString());
        if (error !== undefined) return void response.writeHead(422).end(error);
        run.results.push(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200).end();
      });
    });
    this.#archivist = createServer(certificate, (request, response) => {
      const run = this.#runs.get((request.url ?? "").replace(/^\/object\//, ""));
      // The signature in the URL authorizes the download; the token belongs to the application.
      if (run === undefined || request.headers.authorization !== undefined)
        return void response.writeHead(403).end();
      response.writeHead(run.options.downloadStatus ?? 200).end(run.options.plan);
    });
  }

  static async start(certificate: Certificate, key: string): Promise<HcpTerraform> {
    const hcp = new HcpTerraform(certificate, key);
    for (const server of [hcp.#app, hcp.#archivist])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return hcp;
  }

  /** The hosts for `--run-task-host`. */
  get hosts(): string {
    return [this.#app, this.#archivist].map((server) => new URL(hostOf(server)).host).join(",");
  }

  stop(): void {
    for (const server of [this.#app, this.#archivist]) server.close().closeAllConnections();
  }

  /** Sends a run to a run task, and waits for its result. */
  async run(taskUrl: string, options: RunOptions): Promise<RunAfterTask> {
    const id = `taskrs-${this.#runs.size + 1}`;
    const run = { options, token: `token-of-${id}.atlasv1.secret`, results: [] as TaskResult[] };
    this.#runs.set(id, run);
    const { stage = "post_plan", enforcement = "mandatory" } = options;
    const hasPlan = stage !== "pre_plan";
    const body = JSON.stringify({
      payload_version: 1,
      stage,
      access_token: run.token,
      capabilities: { outcomes: true },
      is_speculative: false,
      task_result_id: id,
      task_result_enforcement_level: enforcement,
      task_result_callback_url: `${hostOf(this.#app)}/api/v2/${id}/callback`,
      run_id: `run-${id}`,
      organization_name: "acme",
      workspace_name: "keys",
      ...(hasPlan ? { plan_json_api_url: `${hostOf(this.#app)}/api/v2/${id}/json-output` } : {}),
    });
    const signature = signatureOf(body, this.#key);
    const { status } = await ask(taskUrl, { body, headers: { "x-tfc-task-signature": signature } });
    assert.equal(status, 200);
    const final = () => run.results.filter(({ data }) => data.attributes.status !== "running");
    await until(() => final().length > 0);
    const [{ data }] = final() as [TaskResult];
    const { status: result, message } = data.attributes;
    return {
      status: result as RunAfterTask["status"],
      message,
      outcomes: (data.relationships?.outcomes.data ?? []).map(({ attributes }) => attributes["outcome-id"]),
      continues: result === "passed" || enforcement === "advisory",
    };
  }
}

/** Returns the signature that HCP Terraform sends with a request to a run task. */
export const signatureOf = (body: string, key: string): string =>
  createHmac("sha512", key).update(body).digest("hex");

const hostOf = (server: Server): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Returns why HCP Terraform rejects a result with 422, or undefined if it accepts it. */
function resultError(type: string | undefined, body: string): string | undefined {
  if (type !== "application/vnd.api+json") return `Content-Type ${type}`;
  const { data } = JSON.parse(body) as TaskResult;
  if (data.type !== "task-results") return `type ${data.type}`;
  if (!["running", "passed", "failed"].includes(data.attributes.status)) return "status";
  if (data.attributes.message === "") return "message";
  for (const { type: outcomeType, attributes } of data.relationships?.outcomes.data ?? []) {
    if (outcomeType !== "task-result-outcomes") return `type ${outcomeType}`;
    if (attributes["outcome-id"] === "" || attributes.description === "") return "outcome";
    const levels = Object.values(attributes.tags).flatMap((tags) => tags.map(({ level }) => level));
    if (!levels.every((level) => ["none", "info", "warning", "error"].includes(level))) return "level";
  }
  return undefined;
}
