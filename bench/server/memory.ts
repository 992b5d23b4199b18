/** Measures the memory of the server over many requests: `make bench-server-memory REQUESTS=200000`. */
import { readFileSync } from "node:fs";
import { load } from "./client.ts";
import { bodiesOf, examples } from "./documents.ts";
import { startKeywarden } from "./processes.ts";

const PARTS = 20;
const requests = Number(process.argv[2] ?? 20_000);
const { port, pid } = await startKeywarden();
const bodies = bodiesOf(examples);

/** Returns the resident memory of the server in MiB. */
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const row = (...cells: (string | number)[]) =>
  console.log(cells.map((cell) => String(cell).padStart(12)).join(""));

row("requests", "MiB", "req/s", "failed");
row(0, memory().toFixed(0), "", "");
for (let part = 1; part <= PARTS; part++) {
  const { perSecond, failed } = await load({
    port,
    path: "/v1/data/keywarden/deny",
    bodies,
    connections: 16,
    requests: requests / PARTS,
  });
  row((requests / PARTS) * part, memory().toFixed(0), perSecond.toFixed(0), failed);
}
process.exit(0);
