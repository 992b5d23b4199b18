import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { inFolder, keywarden } from "./program.ts";

const file = inFolder();
for (const shell of ["bash", "zsh", "fish"])
  file(`completion.${shell}`, keywarden(["completion", shell]).stdout);

const isInstalled = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0;
const skipWithout = (shell: string) => (isInstalled(shell) ? false : `${shell} is not installed`);

/** Words before the cursor, and what completes the last one. Words that only bash splits are left out elsewhere. */
const cases: [words: string[], expected: string[]][] = [
  [["te"], ["test"]],
  [["test", "--fail-on-w"], ["--fail-on-warn"]],
  [["test", "-o", "js"], ["json"]],
  [["explain", "public_a"], ["public_access"]],
  [
    ["serve", "--fail-mode", ""],
    ["closed", "open"],
  ],
  [["config", ""], ["print"]],
  [["config", "print", "--config"], ["--config-file"]],
  [["completion", "z"], ["zsh"]],
  [["help", "norm"], ["normalize"]],
];

const bash = (words: string[]): string[] =>
  run("bash", [
    "-c",
    'source completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _keywarden; printf "%s\\n" "${COMPREPLY[@]}"',
    "bash",
    "keywarden",
    ...words,
  ]);

const fish = (words: string[]): string[] =>
  run("fish", [
    "--no-config",
    "-c",
    `source completion.fish; complete -C ${JSON.stringify(["keywarden", ...words].join(" "))}`,
  ]).map((line) => line.split("\t")[0] as string);

function run(shell: string, args: string[]): string[] {
  const { stdout, stderr } = spawnSync(shell, args, { encoding: "utf8", env: { ...process.env, HOME: "." } });
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => line !== "");
}

for (const [words, expected] of cases) {
  test(`bash completes ${words.join(" ")}`, { skip: skipWithout("bash") }, () => {
    assert.deepEqual(bash(words), expected);
  });
  test(`fish completes ${words.join(" ")}`, { skip: skipWithout("fish") }, () => {
    assert.deepEqual(fish(words), expected);
  });
}

test("bash completes values after an equal sign, and files where a path is expected", {
  skip: skipWithout("bash"),
}, () => {
  assert.deepEqual(bash(["test", "--output", "=", "js"]), ["json"]);
  assert.ok(bash(["test", "--output", "="]).includes("sarif"));
  // An empty answer makes bash complete files.
  assert.deepEqual(bash(["test", ""]), []);
  assert.deepEqual(bash(["test", "-c", ""]), []);
});

/** Types each line into an interactive shell, completes it, and runs it; the command prints its arguments. */
const typed = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1= ; RPS1= ; autoload -Uz compinit ; compinit -u -D ; source ./completion.zsh ; keywarden() { print -r -- "GO""T:$*:" } ; print REA""DY'
wait_for() {
  local n out
  for n in {1..100}; do
    while zpty -r -t z out; do [[ $out == *$1* ]] && { print -rn -- "$out" ; return } ; done
    sleep 0.05
  done
}
wait_for READY >/dev/null
for line in "$@"; do
  zpty -w -n z "keywarden $line"$'\\t'
  sleep 0.3
  zpty -w -n z $'\\r'
  wait_for GOT:
done
zpty -d z
`;

test("zsh completes commands, flags, values and rules", { skip: skipWithout("zsh"), timeout: 60_000 }, () => {
  const lines = [
    "te",
    "test --fail-on-w",
    "test -o js",
    "explain public_a",
    "serve --fail-mode cl",
    "config pr",
  ];
  const { stdout } = spawnSync("zsh", ["-f", "-c", typed, "zsh", ...lines], { encoding: "utf8" });
  assert.deepEqual(
    [...stdout.matchAll(/GOT:(.*?) ?:/g)].map(([, words]) => words),
    [
      "test",
      "test --fail-on-warn",
      "test -o json",
      "explain public_access",
      "serve --fail-mode closed",
      "config print",
    ],
  );
});

test("a shell without completion is refused with a suggestion", () => {
  const { code, stderr } = keywarden(["completion", "fisch"]);
  assert.equal(code, 3);
  assert.match(stderr, /^keywarden: "fisch" is not a supported shell\. Did you mean fish\?/);
  assert.match(keywarden(["completion"]).stderr, /^keywarden: completion needs a shell: bash, zsh or fish\./);
});
