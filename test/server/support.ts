import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadEngine } from "../../src/engine/engine.ts";
import { revisionOf } from "../../src/engine/revision.ts";
import { type Decide, type DecideOptions, decider } from "../../src/server/decide.ts";
import type { Answer, Protocol, Request } from "../../src/server/protocol.ts";
import { loadTerraform } from "../../src/terraform/terraform.ts";

export const root = new URL("../../", import.meta.url).pathname;
export const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

const wasm = readFileSync(`${root}bundles/policy.wasm`);
const engine = loadEngine(wasm, JSON.parse(read("bundles/rules.json")));
const terraform = loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`));

/** What decides by the project's own rules. */
export const deciding = ({ check, ...options }: Partial<DecideOptions> = {}): Decide =>
  decider({
    check: { engine, terraform, ...check },
    mode: "closed",
    failOnWarn: false,
    noFail: false,
    revision: revisionOf(wasm),
    version: "0.0.0",
    ...options,
  });

/** A request as the server hands it over. */
export const request = (
  method: string,
  target: string,
  body: string | Uint8Array = "",
  headers: Request["headers"] = {},
): Request => {
  const [path = "", ...query] = target.split("?");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { id: randomUUID(), method, path, query: query.join("?"), headers, body: bytes };
};

/** Speaks protocols over HTTP, without limits, workers or anything else that a server has. */
export async function serveProtocols(
  protocols: readonly Protocol[],
  decide: Decide,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
    );
    const asked = request(incoming.method ?? "", incoming.url ?? "", Buffer.concat(chunks), headers);
    const protocol = protocols.find((one) => one.answers(asked.method, asked.path));
    const answer: Answer = protocol?.answer(asked, decide) ?? { status: 404, headers: {}, body: "" };
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}
