import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Ended, output, root, run } from "./support.ts";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const terraform = "policies/kms/rules/key_not_retained/examples/fail.source.tf";

/** The folder of a Node's binary; that of the one that runs, where it has the version. */
function folderOf(major: number): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return join(process.execPath, "..");
  const { platform, arch } = process;
  const folder = join(root, `.cache/nodes/node_modules/node${major}-${platform}-${arch}/bin`);
  return existsSync(folder) ? folder : undefined;
}

/** Tests of the package in an empty project, with a Node of its own. */
export function onNode(major: number, folder: string, archive: string): void {
  const bin = folderOf(major);
  const title = (what: string) => `Node ${major}: ${what}`;
  const options = { skip: bin === undefined ? `Node ${major} is not installed: make nodes` : false };
  const cwd = join(folder, `node${major}`);
  const modules = join(cwd, "node_modules");
  const keywarden = join(modules, ".bin/keywarden");
  // npm and what it installs begin with `#!/usr/bin/env node`.
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const call = (command: string, ...args: string[]): Ended => run(command, args, { cwd, env });
  const said = (command: string, ...args: string[]): string => output(command, args, { cwd, env });

  test(title("the package installs without a network, and nothing else with it"), options, () => {
    mkdirSync(cwd);
    writeFileSync(join(cwd, "package.json"), '{ "private": true }');
    const offline = [
      "--offline",
      "--ignore-scripts",
      "--cache",
      join(cwd, ".npm"),
      "--no-audit",
      "--no-fund",
    ];
    said("npm", "install", ...offline, archive);
    assert.ok(said("node", "--version").startsWith(`v${major}.`));
    assert.deepEqual(
      readdirSync(modules).filter((name) => !name.startsWith(".")),
      ["keywarden"],
    );
  });

  test(title("the command checks policies, and Terraform's source"), options, () => {
    cpSync(join(root, "examples/cross-account-without-root/policy.json"), join(cwd, "policy.json"));
    mkdirSync(join(cwd, "infra"));
    cpSync(join(root, terraform), join(cwd, "infra/main.tf"));
    assert.equal(call(keywarden, "test", "policy.json").status, 1);
    const { stdout, stderr } = call(keywarden, "test", "infra");
    assert.match(stdout, /infra\/main\.tf:\d+:\d+: \w+ key_not_retained/);
    assert.equal(stderr, "", "no warnings of Node either");
  });

  const source = JSON.stringify(read(terraform));
  const uses: { [file: string]: string } = {
    "library.mjs": `import { check } from "keywarden";
      const { findings, problems } = check([{ path: "main.tf", text: ${source} }]);
      console.log(findings.some(({ rule }) => rule === "key_not_retained") && problems.length === 0);`,
    "library.cjs": `const { check } = require("keywarden");
      console.log(check([{ path: "key.json", text: '{"Resources": {"A": {"Type": "AWS::KMS::Key"}}}' }]).findings.length > 0);`,
    "cdk.cjs": `const { KeywardenPlugin } = require("keywarden/cdk");
      console.log(new KeywardenPlugin().validate({ templatePaths: [] }).success);`,
    "cdk.mjs": `import { KeywardenPlugin } from "keywarden/cdk";
      console.log(new KeywardenPlugin().ruleIds.length > 60);`,
    "hook.mjs": `import { handler } from "keywarden/aws-lambda";
      console.log(typeof handler === "function");`,
    "browser.cjs": `console.log(typeof require("keywarden/browser").createChecker === "function");`,
  };
  for (const [file, text] of Object.entries(uses))
    test(title(`a program uses it: ${file}`), options, () => {
      writeFileSync(join(cwd, file), text);
      const { stdout, stderr } = call("node", file);
      assert.equal(stdout.trim(), "true", stderr);
    });

  for (const page of ["README.md", "docs/library.md"])
    test(title(`${page} is right`), options, () => {
      const blocks = [...read(page).matchAll(/^```js\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm)];
      assert.ok(blocks.length > 0);
      for (const [index, [, code = "", printed]] of blocks.entries()) {
        writeFileSync(join(cwd, `page${index}.mjs`), code);
        const told = said("node", `page${index}.mjs`);
        if (printed !== undefined) assert.equal(told, printed.trim(), code);
      }
    });

  test(title("the server starts, is ready, and ends when it is told"), options, async () => {
    const server = spawn(keywarden, ["serve", "--listen", "127.0.0.1:0"], { cwd, env });
    after(() => server.kill("SIGKILL"));
    const url = await listening(server);
    for (let asked = 0; (await fetch(`${url}/ready`)).status !== 200; asked++)
      assert.ok(asked < 1000, "it is never ready");
    server.kill("SIGTERM");
    assert.deepEqual(await once(server, "exit"), [0, null]);
  });
}

/** The address that a server names in its log. */
const listening = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let log = "";
    server.stderr?.on("data", (chunk) => {
      log += chunk;
      const url = /"url":"([^"]+)"/.exec(log)?.[1];
      if (url !== undefined) resolve(url);
    });
    server.once("exit", () => reject(new Error(`it ended: ${log}`)));
  });
