import { pino } from "pino";
import type { LogLevel } from "../../../session/server-options.ts";
import type { Logger } from "../telemetry.ts";
import { redacted, redactedText } from "./redact.ts";

/** Lines of JSON with `level`, `time` and `msg`; `write` gets each with its end. */
export function loggerTo(write: (line: string) => void, level: LogLevel): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  // Names of pino's own lines stay its own.
  const at =
    (name: LogLevel) =>
    (fields: { [name: string]: unknown }, message: string): void => {
      if (!log.isLevelEnabled(name)) return;
      const { level: _, time: __, msg: ___, ...own } = redacted(fields) as { [name: string]: unknown };
      log[name](own, redactedText(message));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
