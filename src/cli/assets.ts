import type { RuleInfo } from "../model/report.ts";
import type { Io } from "./io.ts";

export const bundledRules = ({ asset }: Io): RuleInfo[] =>
  JSON.parse(Buffer.from(asset("bundles/rules.json")).toString());

export const version = ({ asset }: Pick<Io, "asset">): string =>
  JSON.parse(Buffer.from(asset("package.json")).toString()).version;
