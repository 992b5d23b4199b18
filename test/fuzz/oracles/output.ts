/** What holds for the text of every output format, whatever the input. */
import type { Report } from "../../../src/core/model/report.ts";
import { reporters } from "../../../src/reporters/index.ts";
import { expect } from "../harness/target.ts";

/** Characters that move the cursor, hide text, or change its direction. */
const control =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** The commands that Keywarden itself writes for GitHub and Azure DevOps. */
const ownCommands: { readonly [format: string]: RegExp } = {
  github: /^::(?:error|warning|notice|debug|group|endgroup|add-mask)\b[^:]*::/,
  azuredevops: /^##(?:vso\[task\.(?:logissue|complete) |\[(?:group|endgroup|section|warning|error)\])/,
};

const json: ReadonlySet<string> = new Set(["json", "sarif", "gitlab"]);

/** Renders a report in every format, and throws if an output can command the program that shows it. */
export function checkOutputs(report: Report): void {
  for (const [format, render] of reporters) {
    const text = render(report, { color: false, width: 100, namespace: "main", version: "0.0.0" });
    checkLines(format, text);
    if (json.has(format)) expect(isJson(text), `output ${format} is not JSON`, () => text);
    if (format === "junit") expect(isXml(text), `output ${format} is not well-formed XML`, () => text);
    if (format === "html")
      expect(!/<fuzz/i.test(text), `output ${format} has markup of the input`, () => text);
  }
}

function checkLines(format: string, text: string): void {
  const unsafe = control.exec(text)?.[0];
  const code = unsafe?.codePointAt(0)?.toString(16);
  expect(unsafe === undefined, `output ${format} has a control character`, () => `U+${code} in ${text}`);
  const own = ownCommands[format];
  for (const line of text.split(/\r\n|[\n\r\u2028\u2029]/)) {
    const foreign = own === undefined ? line : line.replace(own, "own");
    expect(!/^\s*::/.test(foreign), `output ${format} has a line that starts with ::`, () => line);
    expect(!/##(?:vso)?\[/i.test(foreign), `output ${format} has a command for Azure DevOps`, () => line);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const reference = /&(?!(?:lt|gt|amp|quot|apos|#\d+|#x[\da-fA-F]+);)/;

/** Returns whether elements are balanced, and text and attributes have no markup. */
function isXml(text: string): boolean {
  const open: string[] = [];
  const bare = text.replace(/^<\?xml[^?]*\?>/, "").replace(/<!\[CDATA\[[^]*?\]\]>/g, "");
  const tag = /<(\/?)([\w.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/y;
  for (let at = 0; at < bare.length; ) {
    const next = bare.indexOf("<", at);
    const content = bare.slice(at, next < 0 ? bare.length : next);
    if (reference.test(content) || content.includes("]]>")) return false;
    if (next < 0) break;
    tag.lastIndex = next;
    const [whole, close, name = "", attributes = "", empty] = tag.exec(bare) ?? [];
    if (whole === undefined || reference.test(attributes)) return false;
    if (close === "/" && open.pop() !== name) return false;
    if (close === "" && empty === "") open.push(name);
    at = next + whole.length;
  }
  return open.length === 0;
}
