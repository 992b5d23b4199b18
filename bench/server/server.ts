/**
 * Compares the server with `opa run -s` on the same Rego and the same normalized documents, in alternating rounds:
 * `make bench-server`.
 */
import { readFileSync } from "node:fs";
import { load, type Round } from "./client.ts";
import { bodiesOf, documentOf, examples } from "./documents.ts";
import { started, startKeywarden } from "./processes.ts";

const SECONDS = 6;
const TURNS = 2;

const workloads = [
  { name: `${examples.length} examples`, bodies: bodiesOf(examples) },
  ...[1, 20, 200].map((keys) => ({
    name: keys === 1 ? "1 key" : `${keys} keys`,
    bodies: bodiesOf([documentOf(keys)]),
  })),
];

const ours = await startKeywarden();
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
process.exit(0);
