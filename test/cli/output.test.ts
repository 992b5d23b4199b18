import { deepEqual, doesNotMatch, match } from "node:assert/strict";
import { test } from "node:test";
import { reporters } from "../../src/reporters/index.ts";
import { leaks } from "../laws/output/leaks.ts";
import { inFolder, keywarden, samples } from "./program.ts";

const write = inFolder();

/** Names that a pull request may bring into a CI job. */
const names = [
  "a\n::error::leak.json",
  "\n  ::set-output name=x::leak.json",
  "##vso[task.prependpath]leak.json",
  "\u00A0::error::leak.json",
  "#.json",
  "b\u001B[2K\u009B31m\u202E.json",
  "<img src=x onerror=leak()>.json",
  "```\u200B\u{E0041}[leak](javascript:leak).json",
];
for (const name of names) write(name, samples.error);
for (const name of names)
  write(`broken/${name}`, '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow" "\u009B');
for (const name of names)
  write(`module/${name.replace(/json$/, "tf")}`, 'resource "aws_kms_key" "::error::leak');
const values = Object.fromEntries(names.map((name, i) => [`${name}${i}`, name]));
write(
  "config.json",
  JSON.stringify({ ...values, levels: values, settings: values, ignore: names, accounts: values }),
);
write("printed.json", JSON.stringify({ ignore: names, account: "111122223333", flags: {} }));

/** Runs a command line, and asserts that neither stream obeys the input. */
function run(args: string[], format = "stdout"): { stdout: string; stderr: string } {
  const { stdout, stderr } = keywarden(args);
  deepEqual(
    { stdout: leaks(format, stdout), stderr: leaks("stderr", stderr) },
    { stdout: [], stderr: [] },
    args.join(" "),
  );
  return { stdout, stderr };
}

for (const format of reporters.keys())
  test(`test -o ${format} obeys no name of a file`, () => {
    const { stderr } = run(["test", "-o", format, "--trace", "."], format);
    match(stderr, /\\n::error::leak\.json/);
  });

for (const [args, format] of [
  [["normalize", "."], "json"],
  [["normalize", ...names], "json"],
  [["baseline", ...names], "json"],
  [["test", "--config-file", "config.json", "."], "text"],
  [["config", "print", "--config-file", "printed.json", names[0] as string], "text"],
  ...names.flatMap((name): [string[], string][] => [
    [["test", `missing-${name}`], "text"],
    [["test", "-o", name, "."], "text"],
    [["test", "--ignore", `(${name}`, "."], "text"],
    [["test", `--${name}`], "text"],
    [["test", "--baseline", `broken/${name}`, "."], "text"],
    [["test", "--config-file", `broken/${name}`, "."], "text"],
    [["test", "-o", `json=${name}/x`, "."], "text"],
    [["test", "--fail-on-unknown", name, "."], "text"],
    [["config", "print", name], "text"],
    [["explain", name], "text"],
    [["rules", name], "text"],
    [["completion", name], "text"],
    [["serve", name], "text"],
    [[name], "text"],
    [["help", name], "text"],
  ]),
] as [string[], string][])
  test(`${JSON.stringify(args.map((arg) => arg.slice(0, 20)))} obeys no argument and no input`, () => {
    run(args, format);
  });

test("JSON keeps every name", () => {
  const { stdout } = run(["normalize", ...names], "json");
  const { keys } = JSON.parse(stdout) as { keys: { location: { file: string } }[] };
  deepEqual(new Set(keys.map(({ location }) => location.file)), new Set(names));
  doesNotMatch(stdout, /##vso/);
});

test("a status line shows no control character of a path", () => {
  const { stderr } = keywarden(["test", "."], { terminal: true });
  doesNotMatch(stderr.replace(/\r?\u001B\[(?:K|\d+m)/g, ""), /[\u009B\u202E]|\u001B/);
});
