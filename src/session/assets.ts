import { messageOf } from "../core/model/message.ts";
import type { RuleInfo } from "../core/model/report.ts";
import type { Io } from "./host-io.ts";

/** Returns the metadata of the rules. */
export const bundledRules = (io: Io): RuleInfo[] => jsonAsset(io, "bundles/rules.json") as RuleInfo[];

/** Returns the version of the package. */
export const packageVersion = (io: Pick<Io, "asset">): string =>
  (jsonAsset(io, "package.json") as { version: string }).version;

function jsonAsset({ asset }: Pick<Io, "asset">, path: string): unknown {
  const text = Buffer.from(asset(path)).toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`Cannot read ${path} of the package keywarden: ${messageOf(cause)}`, { cause });
  }
}
