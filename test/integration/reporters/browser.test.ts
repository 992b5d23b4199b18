import { deepEqual, equal, ok } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { renderHtml } from "../../../src/reporters/html.ts";
import { finding, options, sample } from "../../reporters/support.ts";

// The test adds a script to the page, which measures it and writes the numbers into the page.

const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
const skip = chromium === undefined ? "Chromium is not installed: apt-get install chromium" : false;

interface Measured {
  title: string;
  /** Width of the content that overflows the page, in pixels. */
  overflow: number;
  findings: number;
  marks: string[];
  /** Whether collapsed content is visible before it is expanded. */
  folded: boolean[];
  background: string;
  /** The lowest contrast between a text and its background, and the text. */
  contrast: [number, string];
  alerts: number;
}

const probe = `
const parse = (color) => color.match(/[\\d.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const color = parse(getComputedStyle(at).backgroundColor);
    if (color.length === 3) return color;
  }
  return [255, 255, 255];
};
const folded = [...document.querySelectorAll("details")].map((d) => d.lastElementChild.checkVisibility());
for (const details of document.querySelectorAll("details")) details.open = true;
let contrast = [21, ""];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
  if (own === "") continue;
  const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < contrast[0]) contrast = [ratio, own];
}
const pre = document.createElement("pre");
pre.id = "measured";
pre.textContent = JSON.stringify({
  title: document.title,
  overflow: document.body.scrollWidth - document.body.clientWidth,
  findings: document.querySelectorAll(".finding").length,
  marks: [...document.querySelectorAll("mark")].map((m) => m.textContent),
  folded,
  background: getComputedStyle(document.body).backgroundColor,
  contrast,
  alerts: window.alerts,
});
document.body.append(pre);`;

describe("the page in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-page-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  function open(page: string, scheme: "light" | "dark", width?: number): Measured {
    const path = join(folder, "page.html");
    const counting = "<script>window.alerts = 0; window.alert = () => { window.alerts += 1; }</script>";
    const narrow = width === undefined ? "" : `document.body.style.width = "${width}px";`;
    const measuring = page
      .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, counting)
      .replace("</body>", () => `<script>${narrow}${probe}</script></body>`);
    writeFileSync(path, measuring);
    const run = spawnSync(
      chromium as string,
      [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        `--user-data-dir=${join(folder, "profile")}`,
        `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
        "--virtual-time-budget=5000",
        "--dump-dom",
        pathToFileURL(path).href,
      ],
      { encoding: "utf8", timeout: 120_000 },
    );
    const [, measured] = /<pre id="measured">(.*?)<\/pre>/s.exec(run.stdout) ?? [];
    ok(measured !== undefined, `nothing measured: ${run.stderr.slice(-2000)}`);
    return JSON.parse(measured.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&"));
  }

  for (const scheme of ["light", "dark"] as const)
    it(`can be read in ${scheme} colors`, { skip }, () => {
      const { contrast, background, title, findings, marks, folded } = open(
        renderHtml(sample, options),
        scheme,
      );
      equal(title, "Keywarden: failed");
      const shown = [sample.findings, sample.exceptions, sample.problems, sample.unseen];
      equal(findings, shown.flat().length);
      deepEqual(marks, ['"*"']);
      ok(folded.every((visible) => !visible));
      equal(background, scheme === "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)");
      ok(contrast[0] >= 4.5, `${contrast[0].toFixed(2)}: ${contrast[1]}`);
    });

  it("fits a phone, with long names and lines", { skip }, () => {
    const long = finding({
      resource: `module.${"orders".repeat(30)}`,
      message: `arn:aws:iam::111122223333:role/${"x".repeat(300)}`,
      excerpt: { firstLine: 7, lines: [`"Principal": "${"y".repeat(300)}"`] },
    });
    equal(open(renderHtml({ ...sample, findings: [long] }, options), "light", 320).overflow, 0);
  });

  it("runs no script from the input", { skip }, () => {
    const text = '</pre><script>alert(1)</script><img src=x onerror="alert(1)">';
    const report = {
      ...sample,
      findings: [finding({ message: text, resource: text, excerpt: { lines: [text] } })],
    };
    equal(open(renderHtml(report, options), "light").alerts, 0);
  });
});
