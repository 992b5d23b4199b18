/** Finds the mutants of a Rego file: small changes of its conditions and constants that a test should notice. */
import { run } from "../opa.ts";
import type { Mutant } from "./mutant.ts";

interface Location {
  row: number;
  /** Counts code points, from 1. */
  col: number;
  /** The source text in base64. */
  text?: string;
}

/** A node of OPA's syntax tree: an expression, a term or a rule. Terms have a type and a value. */
interface Node {
  location: Location;
  type?: string;
  value?: unknown;
  terms?: Node | Node[];
  negated?: boolean;
  generated?: boolean;
}

interface Rule extends Node {
  head: Node & { name?: string; ref?: Node[]; args?: Node[] };
  body: Node[];
  else?: Rule;
}

/** Other operators for each comparison: the opposite, and the one that differs only if both sides are equal. */
const COMPARISONS: { [operator: string]: string[] } = {
  "==": ["!="],
  "!=": ["=="],
  "<": [">=", "<="],
  "<=": [">", "<"],
  ">": ["<=", ">="],
  ">=": ["<", ">"],
};

/** OPA rejects those that don't fit the types of both sides. */
const ARITHMETIC: { [operator: string]: string[] } = { "+": ["-"], "-": ["+", "|"], "|": ["&"], "&": ["|"] };

/** Calls whose strings are text for people, sets of characters, or names of fields that tests check anyway. */
const TEXT = /^(concat|trim.*|object\.get|result\..*|causes\..*|remediation\..*|settings\.of)$/;

/** Returns the mutants of a Rego file, without those of its messages and METADATA. */
export function regoMutants(root: string, file: string, source: string): Mutant[] {
  const { rules = [] } = JSON.parse(
    run(root, "parse", "--format", "json", "--json-include", "locations", file),
  ) as { rules?: Rule[] };
  return new Finder(file, source).of(rules);
}

class Finder {
  readonly #file: string;
  readonly #source: string;
  /** The offset at which each line starts. */
  readonly #lines: number[];
  readonly #found = new Map<string, Mutant>();
  #rule = "";

  constructor(file: string, source: string) {
    this.#file = file;
    this.#source = source;
    this.#lines = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  of(rules: Rule[]): Mutant[] {
    // `about` reads the METADATA.
    for (const rule of rules) if (rule.head.name !== "about") this.#inRule(rule);
    return [...this.#found.values()].sort((a, b) => a.start - b.start);
  }

  #inRule(rule: Rule): void {
    const { head, body } = rule;
    if (head.ref !== undefined) this.#rule = String(head.ref[0]?.value);
    for (const arg of head.args ?? []) this.#inTerm(arg, true);
    // A rule without a value has the value true, at the position of the rule.
    if (isNode(head.value) && this.#text(head.value) !== this.#text(head)) this.#inTerm(head.value, false);
    const key = (head as { key?: unknown }).key;
    if (isNode(key)) this.#inTerm(key, false);
    const [first] = body;
    // The body of a rule that has none is `true`, at the position of the rule.
    if (first !== undefined && !first.generated && this.#conditionStart(rule, first) !== undefined) {
      const start = this.#conditionStart(rule, first) as number;
      const braces = /\{\s*$/.test(this.#source.slice(0, start));
      const end = this.#offset(first.location) + this.#text(first).length;
      if (braces) this.#add(start, start, "false; ");
      else this.#add(start, end, "false");
      for (const expression of body) this.#inExpression(expression, this.#conditionStart(rule, expression));
    }
    if (rule.else !== undefined) this.#inRule(rule.else);
  }

  /** Returns where a condition starts. OPA gives a condition after `else … if` the position of the `else`. */
  #conditionStart(rule: Rule, expression: Node): number | undefined {
    const start = this.#offset(expression.location);
    const head = this.#text(rule.head);
    if (start !== this.#offset(rule.location)) return start;
    const lead = /^\s+if\s+/.exec(this.#text(expression).slice(head.length));
    return lead === null ? undefined : start + head.length + lead[0].length;
  }

  #inExpression(
    expression: Node,
    start: number | undefined = this.#offset(expression.location),
    condition = true,
  ): void {
    const text = this.#source.slice(start, this.#offset(expression.location) + this.#text(expression).length);
    const { terms, negated = false } = expression;
    const call = Array.isArray(terms) ? this.#text(terms[0] as Node) : "";
    let dropped: Mutant | undefined;
    if (condition && call !== ":=" && !text.startsWith("some ")) {
      dropped = text === "true" ? undefined : this.#add(start, start + text.length, "true");
      if (negated) this.#add(start, start + text.length, text.replace(/^not\s+/, ""), dropped);
      else if (!(call in COMPARISONS) && !text.startsWith("every "))
        this.#add(start, start + text.length, `not ${text}`, dropped);
    }
    if (Array.isArray(terms)) this.#inCall(terms, condition ? { negated, dropped } : undefined);
    else if (isNode(terms) && terms.location !== undefined)
      this.#inTerm(terms, false, text !== this.#text(terms));
  }

  /** The first term is an operator, the others are its operands. `condition` is set if the call is one. */
  #inCall(
    [operator, ...operands]: Node[],
    condition?: { negated: boolean; dropped: Mutant | undefined },
  ): void {
    const name = this.#text(operator as Node);
    const hasNumber = operands.some(({ type }) => type === "number");
    const start = this.#offset((operator as Node).location);
    for (const [i, other] of (COMPARISONS[name] ?? ARITHMETIC[name] ?? []).entries()) {
      // The opposite of `not a == b` differs from removing `not` only if a side is undefined, and another number has the
      // effect of the second operator.
      if ((i === 0 && condition?.negated) || (i === 1 && hasNumber)) continue;
      this.#add(start, start + name.length, other, i === 0 ? condition?.dropped : undefined);
    }
    // A condition that compares with another string is always true or never.
    const compared = name !== ":=" && !TEXT.test(name) && !(condition && /^[!=]=$/.test(name));
    for (const operand of operands) this.#inTerm(operand, compared);
  }

  /** Mutates strings only if they are compared. */
  #inTerm(term: Node, compared: boolean, mislocated = false): void {
    const { type, value } = term;
    const start = this.#offset(term.location);
    const text = this.#text(term);
    if (mislocated) return;
    if (type === "boolean" && /^(true|false)$/.test(text)) this.#replace(start, text, String(!value));
    if (type === "number" && /^\d+$/.test(text))
      for (const other of [Number(text) + 1, Number(text) - 1]) this.#replace(start, text, String(other));
    if (type === "string" && compared && /^"(.+)"$/.test(text))
      this.#replace(start, text, `${text.slice(0, -1)}~"`);
    if (type === "string" && compared && /^`[^`]*`$/.test(text))
      this.#replace(start, text, `${text.slice(0, -1)}~\``);
    if (type === "call") this.#inCall(value as Node[]);
    if (type === "set" || type === "array") for (const each of value as Node[]) this.#inTerm(each, true);
    if (type === "object")
      for (const [key, each] of value as [Node, Node][]) {
        this.#inTerm(key, compared);
        this.#inTerm(each, false);
      }
    if (type === "ref") for (const each of (value as Node[]).slice(1)) this.#inTerm(each, false);
    if (type?.endsWith("comprehension")) this.#inBlock(value);
    if (type === "templatestring")
      for (const part of (value as { parts: Node[] }).parts)
        if (part.terms !== undefined) this.#inExpression(part, undefined, false);
    if (type === undefined) this.#inBlock(term);
  }

  /** Reads a comprehension, `every` or `some`. */
  #inBlock(block: unknown): void {
    const { body = [], symbols = [], ...terms } = block as { body?: Node[]; symbols?: Node[] };
    for (const expression of body) if (!expression.generated) this.#inExpression(expression);
    for (const symbol of symbols) if (symbol.type === "call") this.#inTerm(symbol, false);
    for (const [name, term] of Object.entries(terms))
      if (name !== "location" && isNode(term)) this.#inTerm(term, false);
  }

  #replace(start: number, from: string, to: string): void {
    this.#add(start, start + from.length, to);
  }

  #add(start: number, end: number, to: string, weaker?: Mutant): Mutant {
    const line = this.#lines.findLastIndex((offset) => offset <= start) + 1;
    const from = this.#source.slice(start, end);
    const within = this.#rule;
    const mutant = { file: this.#file, line, within, start, end, from, to, ...(weaker && { weaker }) };
    this.#found.set(`${start} ${end} ${to}`, mutant);
    return mutant;
  }

  #offset({ row, col }: Location): number {
    const start = this.#lines[row - 1] as number;
    const before = [...this.#source.slice(start, this.#lines[row])].slice(0, col - 1);
    return start + before.join("").length;
  }

  #text({ location: { text = "" } }: Node): string {
    return Buffer.from(text, "base64").toString();
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "location" in value;
}
