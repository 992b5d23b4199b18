import type { RuleInfo } from "../core/model/report.ts";
import type { Io } from "./host-io.ts";

/** Returns the metadata of the rules. */
export const bundledRules = ({ asset }: Io): RuleInfo[] =>
  JSON.parse(Buffer.from(asset("bundles/rules.json")).toString());

/** Returns the version of the package. */
export const packageVersion = ({ asset }: Pick<Io, "asset">): string =>
  JSON.parse(Buffer.from(asset("package.json")).toString()).version;
