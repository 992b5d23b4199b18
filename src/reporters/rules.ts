import type { OutputText } from "../core/model/output.ts";
import { categories, type RuleInfo } from "../core/model/report.ts";
import { encodeText } from "./encode.ts";
import { type Styles, styles } from "./style.ts";
import type { TextOptions } from "./text.ts";

/** Returns a table of rules, sorted by category. */
export function rulesTable(rules: RuleInfo[], { color }: TextOptions): OutputText {
  const style = styles(color);
  const names = Object.keys(categories);
  const rows = [...rules].sort(
    (a, b) => names.indexOf(a.category) - names.indexOf(b.category) || (a.id < b.id ? -1 : 1),
  );
  const width = (cell: (rule: RuleInfo) => string) => Math.max(0, ...rows.map((rule) => cell(rule).length));
  const [id, level, category] = [width((r) => r.id), width((r) => r.level), width((r) => r.category)];
  const lines = rows.map(
    (rule) =>
      `${style.bold(rule.id)}${" ".repeat(id - rule.id.length)}  ` +
      `${levelStyle(rule, style)(rule.level)}${" ".repeat(level - rule.level.length)}  ` +
      `${rule.category.padEnd(category)}  ${rule.title}\n`,
  );
  return encodeText(lines.join(""), color);
}

export const levelStyle = ({ level }: Pick<RuleInfo, "level">, style: Styles) =>
  level === "error" ? style.red : level === "warning" ? style.yellow : style.dim;
