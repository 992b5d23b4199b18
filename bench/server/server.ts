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

type Document = ReturnType<typeof normalizeInputs>["document"];

/** Documents of the size of an admission request: the policy, template and Kubernetes examples of the rules. */
const examples: Document[] = readdirSync(join(root, "policies/kms/rules"))
  .flatMap((rule) => {
    const folder = join(root, "policies/kms/rules", rule, "examples");
    return readdirSync(folder)
      .filter((name) => /\.(policy\.json|cloudformation\.(yaml|json)|kubernetes\.yaml)$/.test(name))
      .map((name) => join(folder, name));
  })
  .map((path) => normalizeInputs([{ path, text: readFileSync(path, "utf8"), named: true }]).document);

/** Returns the document of a template with a number of keys. Each allows its account, an administrator and a service. */
function documentOf(keys: number): Document {
  const resources = Array.from({ length: keys }, (_, index) => [
    `Key${index}`,
    {
      Type: "AWS::KMS::Key",
      Properties: {
        Description: `Key ${index}`,
        EnableKeyRotation: index % 5 > 0,
        KeyPolicy: {
          Version: "2012-10-17",
          Statement: [
            statement("Root", { AWS: "arn:aws:iam::111122223333:root" }, "kms:*"),
            statement("Admin", { AWS: `arn:aws:iam::111122223333:role/admin-${index}` }, [
              "kms:Create*",
              "kms:Describe*",
              "kms:Enable*",
              "kms:Put*",
              "kms:ScheduleKeyDeletion",
            ]),
            statement("Use", { AWS: `arn:aws:iam::444455556666:role/reader-${index}` }, [
              "kms:Decrypt",
              "kms:GenerateDataKey*",
            ]),
          ],
        },
      },
    },
  ]);
  const text = JSON.stringify({ Resources: Object.fromEntries(resources) });
  return normalizeInputs([{ path: "template.json", text, named: true }]).document;
}

const statement = (Sid: string, Principal: object, Action: string | string[]) => ({
  Sid,
  Effect: "Allow",
  Principal,
  Action,
  Resource: "*",
});

const bodiesOf = (documents: Document[]) => documents.map((input) => Buffer.from(JSON.stringify({ input })));
const workloads = [
  { name: `${examples.length} examples`, bodies: bodiesOf(examples) },
  ...[1, 20, 200].map((keys) => ({
    name: keys === 1 ? "1 key" : `${keys} keys`,
    bodies: bodiesOf([documentOf(keys)]),
  })),
];

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
  [
    "dist/cli.js",
    "serve",
    "--listen",
    "127.0.0.1:0",
    "--queue",
    "1000",
    "--decision-timeout",
    "10m",
    "--max-body",
    "96MiB",
  ],
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
  keywarden: { ...ours, path: "/v1/data/keywarden/deny" },
  opa: { ...opa, path: "/v1/data/kms/main/findings" },
};
for (const server of Object.values(servers))
  await load({ ...server, bodies: bodiesOf(examples), connections: 4, milliseconds: 3000 });

type Name = keyof typeof servers;

interface Measurement extends Round {
  /** CPU time of the server for each request in milliseconds: depends little on what else the machine does. */
  cpu: number;
}

async function measure({ pid, ...server }: (typeof servers)[Name], bodies: Buffer[], connections: number) {
  const before = cpuMilliseconds(pid);
  const round = await load({ ...server, bodies, connections, ...lengthOf(bodies, connections) });
  return { ...round, cpu: (cpuMilliseconds(pid) - before) / round.requests };
}

/** Returns the CPU time of a process. Linux counts it in ticks of 10 ms. */
function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Alternates between the servers, because other programs on the machine slow down both. */
async function compare(bodies: Buffer[], connections: number): Promise<{ [name in Name]: Measurement }> {
  const rounds: { [name in Name]: Measurement[] } = { keywarden: [], opa: [] };
  for (let turn = 0; turn < TURNS; turn++)
    for (const name of Object.keys(servers) as Name[])
      rounds[name].push(await measure(servers[name], bodies, connections));
  return { keywarden: mean(rounds.keywarden), opa: mean(rounds.opa) };
}

/** A round takes some seconds, and each connection gets a response. */
const lengthOf = (bodies: Buffer[], connections: number) => ({
  milliseconds: (SECONDS * 1000) / TURNS,
  ...((bodies[0]?.length ?? 0) > 100_000 ? { requests: Math.max(connections, 8) } : {}),
});

const mean = (rounds: Measurement[]): Measurement => {
  const of = (pick: (round: Measurement) => number) =>
    rounds.reduce((sum, round) => sum + pick(round), 0) / rounds.length;
  return {
    requests: of((r) => r.requests),
    perSecond: of((r) => r.perSecond),
    p50: of((r) => r.p50),
    p99: of((r) => r.p99),
    cpu: of((r) => r.cpu),
    failed: of((r) => r.failed) * rounds.length,
  };
};

const row = (...cells: (string | number)[]) =>
  console.log(cells.map((cell, column) => String(cell).padStart(column === 0 ? 14 : 11)).join(""));

row("documents", "bytes", "conns", "server", "req/s", "p50 ms", "p99 ms", "CPU ms", "failed");
for (const { name: documents, bodies } of workloads)
  for (const connections of [1, 16, 64, 256]) {
    const bytes = Math.round(bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length);
    const results = await compare(bodies, connections);
    for (const [name, { perSecond, p50, p99, cpu, failed }] of Object.entries(results))
      row(
        documents,
        bytes,
        connections,
        name,
        ...[perSecond, p50, p99, cpu].map((n) => n.toFixed(1)),
        failed,
      );
    const { keywarden, opa } = results;
    const ratio = (pick: (round: Measurement) => number) => (pick(keywarden) / pick(opa)).toFixed(2);
    row(
      documents,
      bytes,
      connections,
      "ratio",
      ratio((r) => r.perSecond),
      ratio((r) => r.p50),
      ratio((r) => r.p99),
      ratio((r) => r.cpu),
    );
  }

/** Returns the resident memory of a process in MiB. */
const memory = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(execFileSync("cat", [`/proc/${pid}/status`]).toString())?.[1]) / 1024;

console.log(`Memory over ${requests} requests, in MiB`);
for (let part = 0; part <= 10; part++) {
  if (part > 0) {
    const round = await load({
      ...servers.keywarden,
      bodies: bodiesOf(examples),
      connections: 16,
      requests: requests / 10,
    });
    if (round.failed > 0) console.log(`  ${round.failed} failed`);
  }
  console.log(`${String((requests / 10) * part).padStart(9)}  ${memory(ours.pid).toFixed(0)}`);
}
process.exit(0);
