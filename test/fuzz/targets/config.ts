/** Config files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfigFile } from "../../../src/session/config/index.ts";
import type { Random } from "../../laws/random.ts";
import { bytesOf, expect, type Target } from "../harness/target.ts";
import { rules } from "../oracles/report.ts";
import { twisted } from "../twists.ts";

export const dictionary = [
  ...[
    "extends",
    "preset",
    "levels",
    "settings",
    "overrides",
    "paths",
    "ignore",
    "suppressions",
    "baseline",
    "data",
  ],
  ...[
    "account",
    "region",
    "output",
    "no-fail",
    "fail-on-unknown",
    "fail-on-warn",
    "var",
    "var-file",
    "recommended",
  ],
  ...[
    "strict",
    "cheat-sheet",
    "public_access",
    "alias_missing",
    "error",
    "warning",
    "note",
    "off",
    "111122223333",
  ],
  ...[
    "eu-central-1",
    "**/*.json",
    "!(a)",
    "{a,b}",
    "[",
    "../",
    "./x.yaml",
    "@OUTSIDE@/base.yaml",
    "@OUT@/x.json",
  ],
  ...[
    "json=@OUT@/x.json",
    "sarif=../out/x",
    "stdout",
    "$schema",
    "node_modules/x",
    "accounts",
    "principals",
    "files",
  ],
];

export const config = {
  preset: "strict",
  levels: { alias_missing: "off", public_access: "error" },
  settings: { short_deletion_window: { minimum_days: 30 } },
  ignore: ["**/test/**"],
  account: "111122223333",
  overrides: [{ files: ["a/**"], levels: { rotation_disabled: "off" } }],
  extends: ["recommended"],
};

export const generateConfig = (random: Random): string => twisted(JSON.stringify(config), random, dictionary);

/** Runs a function with a temporary directory, several levels deep, so that a path cannot leave it by accident. */
export function inDirectory<T>(run: (top: string) => T): T {
  const base = mkdtempSync(join(tmpdir(), "keywarden-fuzz-tree-"));
  const top = join(base, "a/b/c/d");
  mkdirSync(top, { recursive: true });
  try {
    return run(top);
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

export const configTarget: Target = {
  name: "config",
  dictionary,
  seeds: () => [
    bytesOf(JSON.stringify(config)),
    bytesOf(
      "preset: strict\nlevels:\n  alias_missing: off\nignore:\n  - '**/test/**'\nextends: [./base.yaml]\n",
    ),
  ],
  generate: (random) => bytesOf(generateConfig(random)),
  check(input) {
    inDirectory((cwd) => {
      const file = "keywarden.config.yaml";
      writeFileSync(join(cwd, file), input);
      const { problems } = loadConfigFile({ cwd, file, rules });
      for (const { message, remedy } of problems) {
        expect(message !== "" && remedy !== "", "a problem has no message or remedy");
        expect(
          !/internal error|is not a function|undefined/.test(message),
          "a config has an internal error",
          () => message,
        );
      }
    });
  },
};
