import { encodeText } from "../../../reporters/encode.ts";
import { bundledRules } from "../../../session/assets.ts";
import { describeConfig } from "../../../session/config/index.ts";
import type { Invocation } from "../../../session/invocation.ts";

/** Runs `keywarden config print FILE`. */
export function configPrintCommand({ arguments: files, loaded, io }: Invocation): number | string {
  const [file = "", ...others] = files;
  if (others.length > 0) return "config print takes one file.";
  io.stdout(encodeText(describeConfig(loaded.config, loaded.layers, file, bundledRules(io))));
  return 0;
}
