/** The fields of an AdmissionReview that a response needs, even if the rest cannot be read. */
export interface ReviewHeader {
  apiVersion?: string;
  kind?: string;
  uid?: string;
}

/**
 * Returns the first strings at `apiVersion`, `kind` and `request.uid`. Scans the text in one pass without recursion,
 * because the text may not be JSON, and may be the reason why a worker crashed.
 */
export function scanReviewHeader(text: string): ReviewHeader {
  const header: ReviewHeader = {};
  let depth = 0;
  let outerKey: string | undefined;
  let innerKey: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{" || char === "[") {
      depth++;
      if (depth === 2) innerKey = undefined;
    } else if (char === "}" || char === "]") depth--;
    else if (char === '"') {
      const end = closingQuote(text, i);
      if (depth === 1 || depth === 2) {
        const string = parseString(text.slice(i, end + 1));
        if (!isKey(text, end + 1)) setField(header, depth === 1 ? [outerKey] : [outerKey, innerKey], string);
        else if (depth === 1) outerKey = string;
        else innerKey = string;
      }
      i = end;
    }
    if (header.apiVersion !== undefined && header.kind !== undefined && header.uid !== undefined) break;
  }
  return header;
}

function setField(header: ReviewHeader, path: (string | undefined)[], value: string | undefined): void {
  if (value === undefined) return;
  const field = path.join("/");
  if (field === "apiVersion") header.apiVersion ??= value;
  if (field === "kind") header.kind ??= value;
  if (field === "request/uid") header.uid ??= value;
}

/** Returns the index of the quotation mark that ends the string at `start`, or the length of the text. */
function closingQuote(text: string, start: number): number {
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

function parseString(json: string): string | undefined {
  try {
    return String(JSON.parse(json));
  } catch {
    return undefined;
  }
}
