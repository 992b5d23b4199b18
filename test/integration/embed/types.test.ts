import assert from "node:assert/strict";
import { copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, run } from "../support.ts";
import { embedded, program } from "./support.ts";

const app = `
import { App, type IPolicyValidationPlugin, type IPolicyValidationPluginBeta1, Validations } from "aws-cdk-lib";
import { KeywardenPlugin, KeywardenPluginBeta1, type KeywardenOptions } from "keywarden/cdk";

const options: KeywardenOptions = { failOn: "warning", levels: { alias_missing: "off" } };
const stable: IPolicyValidationPlugin = new KeywardenPlugin(options);
const beta: IPolicyValidationPluginBeta1 = new KeywardenPluginBeta1();
Validations.of(new App({ policyValidationBeta1: [beta] })).addPlugins(stable);
`;

/** Creates a program whose keywarden package has the same files as the published one. */
function typed(): string {
  const folder = program();
  const installed = join(folder, "node_modules/keywarden");
  rmSync(installed);
  mkdirSync(join(installed, "dist"), { recursive: true });
  copyFileSync(join(root, "package.json"), join(installed, "package.json"));
  cpSync(join(root, "dist/types"), join(installed, "dist/types"), { recursive: true });
  for (const file of ["cdk.js", "cdk.cjs"]) cpSync(join(root, "dist", file), join(installed, "dist", file));
  return folder;
}

test("the plugins have the interface that the CDK requires, in CommonJS and in ES modules", embedded, () => {
  const folder = typed();
  const wrong = app.replace('"warning"', '"never"');
  for (const [name, text] of Object.entries({ "app.cts": app, "app.mts": app, "wrong.cts": wrong }))
    writeFileSync(join(folder, name), text);
  const checked = (file: string) => {
    const options = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "node16",
      "--exactOptionalPropertyTypes",
    ];
    const types = ["--types", "node", "--typeRoots", join(root, "node_modules/@types")];
    const tsc = join(root, "node_modules/.bin/tsc");
    return run(tsc, [...options, ...types, file], { cwd: folder });
  };
  for (const file of ["app.cts", "app.mts"]) {
    const { status, stdout } = checked(file);
    assert.equal(status, 0, `${file}: ${stdout}`);
  }
  assert.match(checked("wrong.cts").stdout, /^wrong\.cts\(\d+,\d+\): error TS2322: Type '"never"'/);
});
