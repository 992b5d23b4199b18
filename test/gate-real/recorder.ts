import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { normalizeResponse, recordedFolder } from "../server/recorded-support.ts";
import { CONNECTION_HEADERS, type Exchange, type Relay } from "./relay.ts";

/** With RECORD=1, writes the last exchange to test/server/recorded, where test/server/recorded.test.ts reads it. */
export async function record({ exchanges }: Relay, name: string): Promise<void> {
  const last = exchanges.at(-1);
  if (process.env["RECORD"] !== "1" || last === undefined) return;
  const generated = generatedName(last.body);
  const write = (extension: string, text: string) =>
    writeFileSync(
      join(recordedFolder, `${name}.${extension}`),
      generated === undefined ? text : text.replaceAll(generated.name, `${generated.prefix}abcde`),
    );
  write("http", requestText(last));
  write("json", normalizeResponse(last.response));
}

/** Headers that differ for each run, or for each version of Go. */
const VOLATILE = /^(content-length|user-agent)$/;

/** Returns the request as HTTP, with the body as it was sent except for IDs and times. */
function requestText({ method, target, headers, body }: Exchange): string {
  const lines = Object.entries(headers)
    .filter(([name]) => !CONNECTION_HEADERS.test(name) && !VOLATILE.test(name))
    .map(([name, value]) => `${name}: ${value}`);
  return `${method} ${target} HTTP/1.1\n${lines.join("\n")}\n\n${normalizeRequest(body)}\n`;
}

/** IDs and times become constants of the same length. Equal IDs stay equal. */
function normalizeRequest(body: string): string {
  const ids = new Map<string, string>();
  return body
    .trimEnd()
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`;
      ids.set(id, known);
      return known;
    })
    .replace(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/g, '"2026-01-01T00:00:00Z"')
    .replace(/("resourceVersion":)"\d+"/g, '$1"1"');
}

/** Returns the name that the API server made of `generateName`, which ends with random characters. */
function generatedName(body: string): { prefix: string; name: string } | undefined {
  const { prefix, name } =
    /"generateName":"(?<prefix>[^"]+)".*?"name":"(?<name>\k<prefix>[^"]+)"/.exec(body)?.groups ?? {};
  return prefix === undefined || name === undefined ? undefined : { prefix, name };
}
