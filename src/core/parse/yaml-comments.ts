import { EVENT_ID, parseEvents, SCALAR_STYLE } from "js-yaml";
import type { Span } from "./json-scan.ts";

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
  try {
    return parseEvents(text, {}).flatMap((event): Span[] =>
      event.type === EVENT_ID.SCALAR && event.style !== SCALAR_STYLE.PLAIN && event.valueStart >= 0
        ? [[event.valueStart, event.valueEnd]]
        : [],
    );
  } catch {
    return [[0, text.length]];
  }
}
