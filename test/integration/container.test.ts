import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { test } from "node:test";
import { output, root, run, scratch, tracked } from "./support.ts";

interface Instruction {
  stage: number;
  name: string;
  words: string[];
}

const dockerfile = instructions(readFileSync(join(root, "Dockerfile"), "utf8"));
const ignored = readFileSync(join(root, ".dockerignore"), "utf8").trim().split("\n");
const folder = scratch();

/** The instructions, in order; a line that ends with a backslash goes on. */
function instructions(text: string): Instruction[] {
  let stage = -1;
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name = "", ...words] = line.trim().split(/\s+/);
      if (name === "FROM") stage += 1;
      return { stage, name, words };
    });
}

const named = (name: string, stage?: number) =>
  dockerfile.filter(
    (instruction) => instruction.name === name && (stage === undefined || instruction.stage === stage),
  );

/** Does what COPY does, into a folder that stands for the stage's WORKDIR. */
function copy(stage: number, into: string, built: string): void {
  for (const { words } of named("COPY", stage)) {
    const from = words[0] === "--from=build" ? built : root;
    const [target = "", ...sources] = words.filter((word) => !word.startsWith("--")).reverse();
    // Directories of the base image.
    if (isAbsolute(target)) continue;
    for (const path of sources) {
      const source = path.replace(/^\/src\//, "");
      const file = join(from, source);
      const folders = source === target || target.endsWith("/");
      assert.ok(folders, `COPY ${words.join(" ")}: a folder ends with a slash`);
      const to = source === target ? target : join(target, basename(source));
      mkdirSync(join(into, target), { recursive: true });
      cpSync(file, join(into, to), { recursive: true });
    }
  }
}

test("files that are copied into the image are committed and not ignored by Docker", () => {
  const paths = tracked();
  assert.equal(ignored[0], "*");
  for (const { words } of named("COPY"))
    for (const source of words[0]?.startsWith("--from") ? [] : words.slice(0, -1)) {
      assert.ok(
        paths.some((path) => path === source || path.startsWith(`${source}/`)),
        `${source} is committed`,
      );
      assert.ok(ignored.includes(`!${source}`), `.dockerignore lets ${source} through`);
    }
});

test("the image builds from the copied files, and contains every file that the program reads", () => {
  const [build, image] = [join(folder, "src"), join(folder, "image")];
  copy(0, build, "");
  symlinkSync(join(root, "node_modules"), join(build, "node_modules"));
  const commands = named("RUN", 0).map(({ words }) => words);
  assert.deepEqual(commands[0]?.slice(0, 2), ["npm", "ci"]);
  for (const [program = "", ...args] of [commands[1] ?? [], ["sh", "-c", (commands[2] ?? []).join(" ")]])
    output(program, args, { cwd: build });
  copy(1, image, build);
  const call = { cwd: root };
  const keywarden = join(image, "dist/cli.js");
  for (const verb of [
    ["--version"],
    ["rules"],
    ["explain", "public_access"],
    ["test", "examples/default-key-policy"],
  ])
    output(process.execPath, [keywarden, ...verb], call);
  const source = "policies/kms/rules/key_not_retained/examples/fail.source.tf";
  assert.match(run(process.execPath, [keywarden, "test", source], call).stdout, /key_not_retained/);
  assert.ok(!existsSync(join(image, "node_modules")));
});

test("the image runs as a numeric user, and starts the program", () => {
  assert.match(named("USER", 1)[0]?.words[0] ?? "", /^[1-9]\d*:[1-9]\d*$/);
  assert.deepEqual(named("ENTRYPOINT", 1)[0]?.words, ['["keywarden"]']);
  assert.equal(readlinkSync(join(folder, "src/bin/keywarden")), "/opt/keywarden/dist/cli.js");
  assert.deepEqual(named("RUN", 1), [], "the image of another platform cannot run a command");
});

test("the base image is pinned, and is the same for every platform", () => {
  const images = named("FROM").map(({ words }) => words.find((word) => !word.startsWith("--")));
  for (const image of images) assert.match(image ?? "", /^node:\d+-slim@sha256:[\da-f]{64}$/);
  assert.equal(new Set(images).size, 1);
});

test("the health check is a program of the image", () => {
  const [, command = ""] = /CMD (\[.*\])$/.exec(named("HEALTHCHECK", 1)[0]?.words.join(" ") ?? "") ?? [];
  const [program, script = ""] = JSON.parse(command) as string[];
  assert.equal(program, "node");
  assert.ok(existsSync(join(folder, "image", relative("/opt/keywarden", script))), script);
});

test("the documentation states the size of what the image adds to Node", () => {
  const files = readdirSync(join(folder, "image"), { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((file) => file.isFile())
    .map((file) => statSync(join(file.parentPath, file.name)).size)
    .reduce((sum, size) => sum + size);
  const [, stated] =
    /adds (\d+) MB to Node's slim image/.exec(
      readFileSync(join(root, "docs/integrations/container.md"), "utf8"),
    ) ?? [];
  assert.equal(Number(stated), Math.round(bytes / 1e6));
});
