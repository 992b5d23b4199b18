import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import type { RuleInfo } from "../../src/core/model/report.ts";
import { type ConfigFileRequest, type ConfigResult, loadConfigFile } from "../../src/session/config/index.ts";

export const rules: RuleInfo[] = JSON.parse(
  readFileSync(new URL("../../bundles/rules.json", import.meta.url), "utf8"),
);

/** Creates a temporary repository with files: strings, or values to write as JSON. Returns its root. */
export function repository(files: { [name: string]: unknown }): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "keywarden-config-")));
  after(() => rmSync(root, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ ".git/HEAD": "", ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

export const load = (cwd: string, request: Partial<ConfigFileRequest> = {}): ConfigResult =>
  loadConfigFile({ cwd, rules, ...request });

/** Returns the problems as users see them: position, message, remedy. */
export const messages = ({ problems }: ConfigResult): string[] =>
  problems.map(({ file, line, message, remedy }) => `${file}:${line ?? ""}: ${message} ${remedy}`);
