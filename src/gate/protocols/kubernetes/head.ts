/** What an answer needs of a review, whatever else stands there. */
export interface Head {
  apiVersion?: string;
  kind?: string;
  uid?: string;
}

/**
 * The texts at `apiVersion`, `kind` and `request.uid`, each the first of its name. One pass without recursion, over text
 * that need not be JSON: the rest may be what brought a worker down.
 */
export function headOf(text: string): Head {
  const head: Head = {};
  let depth = 0;
  let outer: string | undefined;
  let inner: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{" || char === "[") {
      depth++;
      if (depth === 2) inner = undefined;
    } else if (char === "}" || char === "]") depth--;
    else if (char === '"') {
      const end = endOf(text, i);
      if (depth === 1 || depth === 2) {
        const string = read(text.slice(i, end + 1));
        if (!isKey(text, end + 1)) take(head, depth === 1 ? [outer] : [outer, inner], string);
        else if (depth === 1) outer = string;
        else inner = string;
      }
      i = end;
    }
    if (head.apiVersion !== undefined && head.kind !== undefined && head.uid !== undefined) break;
  }
  return head;
}

function take(head: Head, path: (string | undefined)[], string: string | undefined): void {
  if (string === undefined) return;
  const place = path.join("/");
  if (place === "apiVersion") head.apiVersion ??= string;
  if (place === "kind") head.kind ??= string;
  if (place === "request/uid") head.uid ??= string;
}

/** Where the string that begins at `start` has its closing quotation mark; the end of the text, where it has none. */
function endOf(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

function isKey(text: string, after: number): boolean {
  let i = after;
  while (text[i] === " " || text[i] === "\n" || text[i] === "\r" || text[i] === "\t") i++;
  return text[i] === ":";
}

function read(string: string): string | undefined {
  try {
    return String(JSON.parse(string));
  } catch {
    return undefined;
  }
}
