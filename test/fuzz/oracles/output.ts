/** What holds for the text of every output format, whatever the input. */
import type { Report } from "../../../src/core/model/report.ts";
import { reporters } from "../../../src/reporters/index.ts";
import { leaks } from "../../laws/output/leaks.ts";
import { expect } from "../harness/target.ts";

/** Renders a report in every format, and throws if an output can command the program that shows it. */
export function checkOutputs(report: Report): void {
  for (const [format, render] of reporters) {
    const text = render(report, { color: false, width: 100, namespace: "main", version: "0.0.0" });
    const [leak] = leaks(format, text);
    expect(leak === undefined, `output ${format} obeys its input`, () => `${leak} in ${text}`);
    if (format === "junit") expect(isXml(text), `output ${format} is not well-formed XML`, () => text);
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
