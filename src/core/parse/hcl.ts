import type { Span } from "./json-scan.ts";

/** What of an HCL text is no value: its comments, and the blocks at its top. */
export interface HclOutline {
  comments: Span[];
  blocks: HclBlock[];
}

export interface HclBlock {
  /** What stands before the brace: `resource`, `aws_kms_key`, `main`. */
  header: string[];
  /** From the header to the brace that ends it. */
  span: Span;
}

/** What the scan is inside of: braces of code or of a template's sequence, a quoted text, a heredoc with its end mark. */
type Frame = "{" | "${" | '"' | { mark: string };

/** Takes any text: in one that is no HCL it finds what it can. */
export function outlineOfHcl(text: string): HclOutline {
  const comments: Span[] = [];
  const blocks: HclBlock[] = [];
  const frames: Frame[] = [];
  let open: HclBlock | undefined;
  for (let i = 0; i < text.length; ) {
    const frame = frames.at(-1);
    if (frame === '"' || typeof frame === "object") {
      i = inTemplate(text, i, frames);
      continue;
    }
    const char = text[i];
    if (char === "#" || text.startsWith("//", i) || text.startsWith("/*", i)) {
      const end = commentEnd(text, i);
      comments.push([i, end]);
      i = end;
      continue;
    }
    const heredoc = char === "<" ? heredocAt(text, i) : undefined;
    if (heredoc !== undefined) {
      frames.push({ mark: heredoc.mark });
      i = heredoc.end;
      continue;
    }
    if (char === '"') frames.push('"');
    else if (char === "{") {
      if (frames.length === 0) open = blockAt(text, i);
      frames.push("{");
    } else if (char === "}") {
      frames.pop();
      if (frames.length === 0 && open !== undefined) {
        open.span[1] = i + 1;
        blocks.push(open);
        open = undefined;
      }
    }
    i++;
  }
  return { comments, blocks };
}

/** One step inside of a quoted text or a heredoc; the offset behind it. */
function inTemplate(text: string, i: number, frames: Frame[]): number {
  const frame = frames.at(-1) as '"' | { mark: string };
  if (/^[$%]\{$/.test(text.slice(i, i + 2))) {
    // Doubled, the mark stands for itself.
    if (text[i - 1] !== text[i]) frames.push("${");
    return i + 2;
  }
  if (frame === '"') {
    if (text[i] === '"') frames.pop();
    return text[i] === "\\" ? i + 2 : i + 1;
  }
  if (text[i - 1] !== "\n") return i + 1;
  const end = lineEnd(text, i);
  if (text.slice(i, end).trim() !== frame.mark) return i + 1;
  frames.pop();
  return end;
}

function commentEnd(text: string, start: number): number {
  if (text[start + 1] !== "*" || text[start] === "#") return lineEnd(text, start);
  const end = text.indexOf("*/", start + 2);
  return end < 0 ? text.length : end + 2;
}

function heredocAt(text: string, start: number): { mark: string; end: number } | undefined {
  const opening = /<<-?([\p{L}\p{N}_-]+)[ \t]*\r?\n/uy;
  opening.lastIndex = start;
  const mark = opening.exec(text)?.[1];
  return mark === undefined ? undefined : { mark, end: opening.lastIndex };
}

/** HCL wants a block's header on the line of its brace. */
function blockAt(text: string, brace: number): HclBlock {
  const line = text.lastIndexOf("\n", brace) + 1;
  const words = /[\w-]+(?:[ \t]+(?:[\w-]+|"[^"\n]*"))*[ \t]*$/.exec(text.slice(line, brace));
  const start = words === null ? brace : line + words.index;
  const header = words?.[0].match(/[\w-]+|"[^"]*"/g) ?? [];
  return { header: header.map((word) => word.replaceAll('"', "")), span: [start, text.length] };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : text[end - 1] === "\r" && end > from ? end - 1 : end;
}
