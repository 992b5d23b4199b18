import { problemAnswer } from "../../gate/problem-answer.ts";
import type { Answer } from "../../gate/protocol.ts";
import type { ServerContext } from "./context.ts";

/** What tells about the server itself; undefined where a path is another's. */
export function operation(context: ServerContext, method: string, path: string) {
  const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
  if (answer === undefined) return undefined;
  if (method !== "GET" && method !== "HEAD")
    return problemAnswer(405, `${path} takes GET.`, { allow: "GET, HEAD" });
  return {
    name: path === "/metrics" ? "metrics" : "health",
    answer: ({ query }: { query: string }) => answer(context, new URLSearchParams(query)),
    failed: () => problemAnswer(400, `${path} takes no body.`),
  };
}

const answers: { [path: string]: (context: ServerContext, query: URLSearchParams) => Promise<Answer> } = {
  /** As OPA's: whether the process lives, and, where that is asked for, whether it can decide. */
  "/health": async (context, query) => {
    const asked = query.has("bundles") || query.has("plugins") || query.has("bundle");
    return asked && !isReady(context) ? json(500, { error: notReady(context) }) : json(200, {});
  },
  "/ready": async (context) => {
    const { revision, version } = context;
    return isReady(context)
      ? json(200, { status: "ready", revision, version })
      : json(503, { status: "not ready", reason: notReady(context), version });
  },
  "/metrics": async ({ telemetry }) => {
    const { contentType, text } = await telemetry.metrics();
    return { status: 200, headers: { "content-type": contentType }, body: text };
  },
};

const isReady = ({ revision, stopping, pool }: ServerContext): boolean =>
  revision !== undefined && !stopping && pool.workers > 0;

const notReady = ({ revision, stopping }: ServerContext): string => {
  if (stopping) return "the server stops";
  return revision === undefined ? "the rules are not there yet" : "no worker is there";
};

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: `${JSON.stringify(value)}\n`,
});
