import { bundledRules } from "../../../session/assets.ts";
import { explainConfig } from "../../../session/config/index.ts";
import type { Call } from "../../../session/invocation.ts";

/** `keywarden config print FILE`: what applies to a file, and where that is said. */
export function configPrint({ names, loaded, io }: Call): number | string {
  const [file = "", ...others] = names;
  if (others.length > 0) return "name one file";
  io.stdout(explainConfig(loaded.config, loaded.sources, file, bundledRules(io)));
  return 0;
}
