/**
 * Compares the server with `opa run -s` on the same Rego and the same normalized documents, in alternating rounds. Then
 * measures the server's memory over many requests: `make bench-server`, `make bench-server REQUESTS=200000`.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import { load, type Round } from "./client.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const requests = Number(process.argv[2] ?? 20_000);
const SECONDS = 6;
const TURNS = 2;

/** Documents of the size of an admission request: the policy, template and Kubernetes examples of the rules. */
const documents = readdirSync(join(root, "policies/kms/rules"))
  .flatMap((rule) => {
    const folder = join(root, "policies/kms/rules", rule, "examples");
    return readdirSync(folder)
      .filter((name) => /\.(policy\.json|cloudformation\.(yaml|json)|kubernetes\.yaml)$/.test(name))
      .map((name) => join(folder, name));
  })
  .map((path) => normalizeInputs([{ path, text: readFileSync(path, "utf8"), named: true }]).document);
const bodies = documents.map((input) => Buffer.from(JSON.stringify({ input })));

const children: ChildProcess[] = [];
process.on("exit", () => children.forEach((child) => void child.kill("SIGKILL")));

/** Starts a program, and returns its process ID and the port in its log. */
function started(
  command: string,
  args: string[],
  portPattern: RegExp,
): Promise<{ port: number; pid: number }> {
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.once("exit", () => reject(new Error(`${command} exited: ${text}`)));
    child.stderr.on("data", (chunk) => {
      text = (text + chunk).slice(-10_000);
      const port = portPattern.exec(text)?.[1];
      if (port !== undefined) resolve({ port: Number(port), pid: child.pid as number });
    });
  });
}

const ours = await started(
  process.execPath,
  ["dist/cli.js", "serve", "--listen", "127.0.0.1:0", "--log-level", "info", "--queue", "1000"],
  /"url":"http:\/\/127\.0\.0\.1:(\d+)"/,
);
const opaPort = 30_000 + (process.pid % 10_000);
const opa = await started(
  ".cache/bin/opa",
  ["run", "-s", "-b", "bundles/bundle.tar.gz", "--addr", `127.0.0.1:${opaPort}`],
  /"addrs":\["127\.0\.0\.1:(\d+)"\]/,
);

// OPA logs the address a moment before it listens.
await new Promise((resolve) => setTimeout(resolve, 1000));

const servers = {
  keywarden: { port: ours.port, path: "/v1/data/keywarden/deny" },
  opa: { port: opa.port, path: "/v1/data/kms/main/findings" },
};
const size = Math.round(bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length);
console.log(`${documents.length} documents, ${size} bytes on average; ${SECONDS} s per measurement`);
for (const server of Object.values(servers))
  await load({ ...server, bodies, connections: 4, milliseconds: 3000 });

console.log("connections  server     requests/s  p50 ms  p99 ms  failed");
for (const connections of [1, 16, 64]) {
  const rounds: { [name: string]: Round[] } = { keywarden: [], opa: [] };
  for (let turn = 0; turn < TURNS; turn++)
    for (const [name, server] of Object.entries(servers))
      rounds[name]?.push(
        await load({ ...server, bodies, connections, milliseconds: (SECONDS * 1000) / TURNS }),
      );
  const mean = (name: string, pick: (round: Round) => number) =>
    (rounds[name] ?? []).reduce((sum, round) => sum + pick(round), 0) / TURNS;
  for (const name of Object.keys(rounds))
    console.log(
      [
        String(connections).padStart(11),
        name.padEnd(9),
        mean(name, (r) => r.perSecond)
          .toFixed(0)
          .padStart(11),
        mean(name, (r) => r.p50)
          .toFixed(1)
          .padStart(7),
        mean(name, (r) => r.p99)
          .toFixed(1)
          .padStart(7),
        String((rounds[name] ?? []).reduce((sum, r) => sum + r.failed, 0)).padStart(7),
      ]
        .join("  ")
        .replace("  ", "  "),
    );
  const ratio = (pick: (round: Round) => number) => mean("keywarden", pick) / mean("opa", pick);
  console.log(
    `             keywarden / opa: throughput ${ratio((r) => r.perSecond).toFixed(2)}, p99 ${ratio((r) => r.p99).toFixed(2)}`,
  );
}

/** Returns the resident memory of a process in MiB. */
const memory = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(execFileSync("cat", [`/proc/${pid}/status`]).toString())?.[1]) / 1024;

console.log(`Memory over ${requests} requests, in MiB`);
for (let part = 0; part <= 10; part++) {
  if (part > 0) {
    const round = await load({ ...servers.keywarden, bodies, connections: 16, requests: requests / 10 });
    if (round.failed > 0) console.log(`  ${round.failed} failed`);
  }
  console.log(`${String((requests / 10) * part).padStart(9)}  ${memory(ours.pid).toFixed(0)}`);
}
process.exit(0);
