import { pino } from "pino";
import { encodeJsonText } from "../../../reporters/encode.ts";
import type { LogLevel } from "../../../session/server-options.ts";
import { redactMessage, redactValue } from "./redact.ts";
import type { Logger } from "./types.ts";

/** Creates a logger of JSON lines with `level`, `time` and `msg`. `write` receives each line with its line break. */
export function createLogger(write: (line: string) => void, level: LogLevel): Logger {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(encodeJsonText(line)) },
  );
  const logAt =
    (name: LogLevel) =>
    (fields: { [name: string]: unknown }, message: string): void => {
      if (!log.isLevelEnabled(name)) return;
      // Fields must not replace those that pino sets.
      const {
        level: _,
        time: __,
        msg: ___,
        ...otherFields
      } = redactValue(fields) as { [name: string]: unknown };
      log[name](otherFields, redactMessage(message));
    };
  return { debug: logAt("debug"), info: logAt("info"), warn: logAt("warn"), error: logAt("error") };
}
