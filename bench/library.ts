/**
 * Measures the library: memory over many checks in one process, and the time from `import` to the first finding in a new
 * process, compared with @aws/cloudformation-validate on the same template. `make bench-library CHECKS=100000`.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const root = new URL("..", import.meta.url).pathname;
const template = "examples/cross-account-without-root/template.yaml";
const text = readFileSync(`${root}${template}`, "utf8");
const count = Number(process.argv[2] ?? 100_000);
if (!Number.isInteger(count) || count < 10)
  throw new Error("The number of checks must be an integer of at least 10");

const modules: { [name: string]: { file: string; program: (file: string) => string } } = {
  keywarden: {
    file: `${root}dist/index.js`,
    program: (file) => `
      const { check } = await import(${JSON.stringify(file)});
      const { findings } = check([{ path: "template.yaml", text }]);
      const found = findings.length;`,
  },
  "@aws/cloudformation-validate": {
    file: `${root}.cache/library-peers/node_modules/@aws/cloudformation-validate/index.js`,
    program: (file) => `
      const { RegoEngine, TemplateFile } = await import(${JSON.stringify(file)});
      const engine = new RegoEngine();
      const found = engine.validateStandard(new TemplateFile(${JSON.stringify(`${root}${template}`)})).diagnostics.length;`,
  },
};

/** Returns the time in a new process, in milliseconds, and the number of findings. */
function first(file: string, program: (file: string) => string): { ms: number; found: number } {
  const whole = `
    const text = ${JSON.stringify(text)};
    const start = performance.now();
    ${program(file)}
    console.log(JSON.stringify({ ms: performance.now() - start, found }));`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "--eval", whole], { encoding: "utf8" }),
  );
}

console.log(`From import to the first finding in ${template}, in milliseconds, over 7 new processes:`);
for (const [name, { file, program }] of Object.entries(modules)) {
  if (!existsSync(file)) {
    console.log(`  ${name.padEnd(30)} is not installed`);
    continue;
  }
  const runs = Array.from({ length: 7 }, () => first(file, program)).sort((a, b) => a.ms - b.ms);
  const [minimum, median] = [runs[0], runs[3]].map((run) => run?.ms.toFixed(0).padStart(5));
  console.log(`  ${name.padEnd(30)} minimum ${minimum}  median ${median}  findings ${runs[0]?.found}`);
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const library = (await import(`${root}dist/index.js`)) as typeof import("../src/hosts/library/index.ts");
const checker = library.createChecker();
const inMiB = (size: number) => (size / 2 ** 20).toFixed(1).padStart(8);

console.log(
  `\n${count} checks in one process, memory in MiB after garbage collection:\n  checks     heap external      rss  checks/s`,
);
let since = performance.now();
for (let i = 0; i <= count; i++) {
  if (i % Math.floor(count / 10) === 0) {
    const rate = i === 0 ? "" : (Math.floor(count / 10) / ((performance.now() - since) / 1000)).toFixed(0);
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    console.log(
      `${String(i).padStart(8)} ${inMiB(heapUsed)} ${inMiB(external)} ${inMiB(rss)}  ${rate.padStart(8)}`,
    );
    since = performance.now();
  }
  const report = checker.check([
    { path: "template.yaml", text: text.replace("OrdersKey", `OrdersKey${i % 97}`) },
  ]);
  if (report.findings.length === 0) throw new Error("The check returned no findings");
}
