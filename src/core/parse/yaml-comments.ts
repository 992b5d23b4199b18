import { EVENT_ID, SCALAR_STYLE } from "js-yaml";
import type { Span } from "./json-scan.ts";
import { yamlEvents } from "./yaml-events.ts";

/** Returns the ranges of the comments in a YAML text; none if it is invalid. */
export function yamlComments(text: string): Span[] {
  const quotedRanges = scalars(text);
  const comments: Span[] = [];
  const mark = /(?<=^|[ \t])#/gm;
  let next = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    const start = match.index;
    while ((quotedRanges[next]?.[1] ?? Number.POSITIVE_INFINITY) <= start) next++;
    if ((quotedRanges[next]?.[0] ?? Number.POSITIVE_INFINITY) <= start) continue;
    const end = start + (/^[^\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
    comments.push([start, end]);
    mark.lastIndex = end;
  }
  return comments;
}

/** Returns the ranges of the scalars that may contain `#`: quoted scalars and block scalars. */
function scalars(text: string): Span[] {
  const read = yamlEvents(text);
  if ("error" in read) return [[0, text.length]];
  return read.events.flatMap((event): Span[] =>
    event.type === EVENT_ID.SCALAR && event.style !== SCALAR_STYLE.PLAIN && event.valueStart >= 0
      ? [[read.originalOffset(event.valueStart), read.originalOffset(event.valueEnd)]]
      : [],
  );
}
