import type { RuleInfo } from "../core/model/report.ts";
import type { Io } from "./host-io.ts";

export const bundledRules = ({ asset }: Io): RuleInfo[] =>
  JSON.parse(Buffer.from(asset("bundles/rules.json")).toString());

export const version = ({ asset }: Pick<Io, "asset">): string =>
  JSON.parse(Buffer.from(asset("package.json")).toString()).version;
