/** Reads the enumerations of the KMS API, and the sentence "Cross-account use", from the types of `@aws-sdk/client-kms`. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { GrantOperation, KeySpec, KeyUsageType, OriginType } from "@aws-sdk/client-kms";

const folder = new URL("../node_modules/@aws-sdk/client-kms/", import.meta.url);

export const api = {
  source: `@aws-sdk/client-kms ${createRequire(import.meta.url)("@aws-sdk/client-kms/package.json").version}`,
  specs: Object.values(KeySpec),
  usages: Object.values(KeyUsageType),
  origins: Object.values(OriginType),
  grantOperations: Object.values(GrantOperation),
};

/** Returns the operations, and whether each works with a key in another account. */
export function crossAccountUse(): Map<string, boolean> {
  const commands = readdirSync(new URL("dist-types/commands/", folder)).filter((name) =>
    name.endsWith("Command.d.ts"),
  );
  return new Map(
    commands.map((name) => {
      const text = readFileSync(new URL(`dist-types/commands/${name}`, folder), "utf8");
      const answer = /<b>\s*Cross-account use\s*<\/b>\s*:\s*(Yes|No|Not applicable)/i.exec(text)?.[1];
      return [name.replace("Command.d.ts", ""), answer === "Yes"];
    }),
  );
}
