import { type Event, parseEvents } from "js-yaml";
import { type IndentedText, indentContinuations } from "./yaml-continuations.ts";

/** The parser events of a YAML text, or its syntax error. Their offsets refer to the indented text. */
export type YamlEvents = IndentedText & ({ events: Event[] } | { error: unknown });

/** Returns the parser events of a YAML text. Never throws. */
export function yamlEvents(text: string, maxDepth?: number): YamlEvents {
  const asWritten = eventsOf({ text, originalOffset: (offset) => offset }, maxDepth);
  if (!failsWith(asWritten, "deficient indentation")) return asWritten;
  const indented = indentContinuations(text);
  if (indented === null) return asWritten;
  const events = eventsOf(indented, maxDepth);
  // If a quote or bracket is never closed, the first line that is not indented is closer to the mistake than the end.
  return "error" in events && errorOffset(events.error) >= indented.text.trimEnd().length
    ? asWritten
    : events;
}

function eventsOf(indented: IndentedText, maxDepth: number | undefined): YamlEvents {
  try {
    return {
      ...indented,
      events: parseEvents(indented.text, maxDepth === undefined ? {} : { maxDepth }),
    };
  } catch (error) {
    return { ...indented, error };
  }
}

const failsWith = (events: YamlEvents, reason: string): boolean =>
  "error" in events && (events.error as { reason?: string }).reason?.startsWith(reason) === true;

const errorOffset = (error: unknown): number =>
  (error as { mark?: { position?: number } }).mark?.position ?? 0;
