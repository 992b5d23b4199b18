import { problemResponse } from "../../gate/problem-details.ts";
import type { ProtocolResponse } from "../../gate/protocol.ts";
import { encodeJson, encodeText } from "../../reporters/encode.ts";
import type { ServerContext } from "./context.ts";

/** Returns the handler for health, readiness and metrics, an error response, or undefined for other paths. */
export function operationsHandler(context: ServerContext, method: string, path: string) {
  const endpoint = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
  if (endpoint === undefined) return undefined;
  if (method !== "GET" && method !== "HEAD")
    return problemResponse(405, `${path} only accepts GET.`, { allow: "GET, HEAD" });
  return {
    name: path === "/metrics" ? "metrics" : "health",
    handle: ({ query }: { query: string }) => endpoint(context, new URLSearchParams(query)),
    handleFailure: () => problemResponse(400, `${path} accepts no request body.`),
  };
}

type Endpoint = (context: ServerContext, query: URLSearchParams) => Promise<ProtocolResponse>;

const endpoints: { [path: string]: Endpoint } = {
  /** Liveness, as in OPA; also readiness if a parameter requests it. */
  "/health": async (context, query) => {
    const requiresReady = query.has("bundles") || query.has("plugins") || query.has("bundle");
    return requiresReady && !isReady(context) ? json(500, { error: notReadyReason(context) }) : json(200, {});
  },
  "/ready": async (context) => {
    const { revision, version } = context;
    return isReady(context)
      ? json(200, { status: "ready", revision, version })
      : json(503, { status: "not ready", reason: notReadyReason(context), version });
  },
  "/metrics": async ({ telemetry }) => {
    const { contentType, text } = await telemetry.metrics();
    return { status: 200, headers: { "content-type": contentType }, body: encodeText(text) };
  },
};

const isReady = ({ revision, stopping, pool }: ServerContext): boolean =>
  revision !== undefined && !stopping && pool.workers > 0;

const notReadyReason = ({ revision, stopping }: ServerContext): string => {
  if (stopping) return "the server is stopping";
  return revision === undefined ? "the rules are not loaded yet" : "no worker is running";
};

const json = (status: number, value: unknown): ProtocolResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: encodeJson(value),
});
