import { emptyPart, type Format } from "../model/format.ts";
import { messageOf } from "../model/message.ts";
import type { Problem } from "../model/source.ts";

/** An exception in the code of a custom format, which becomes a problem of the file. */
export class FormatError extends Error {
  problemIn(file: string): Problem {
    return {
      file,
      message: this.message,
      remedy: "Fix the custom format, or don't pass the file.",
    };
  }
}

/** Wraps a custom format: its exceptions name the format, and lists that its parts omit are empty. */
export const guardedFormat = (format: Format): Format => {
  const guarded = <T>(run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw new FormatError(`The custom format ${format.name} failed: ${messageOf(cause)}`, { cause });
    }
  };
  return {
    name: format.name,
    detect: (value, source) => guarded(() => format.detect(value, source)),
    normalize: (parsed, options, siblings) =>
      guarded(() => ({ ...emptyPart(), ...format.normalize(parsed, options, siblings) })),
  };
};
