/** Finds the mutants of a TypeScript file, and writes a copy of the file that contains all of them. */
import { parseSync } from "oxc-parser";
import type { Mutant } from "./mutant.ts";

interface Node {
  type: string;
  start: number;
  end: number;
  [property: string]: unknown;
}

const OPERATORS: { [operator: string]: string[] } = {
  "===": ["!=="],
  "!==": ["==="],
  "<": [">=", "<="],
  "<=": [">", "<"],
  ">": ["<=", ">="],
  ">=": ["<", ">"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "&&": ["||"],
  "||": ["&&"],
};

const METHODS: { [method: string]: string } = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
};

/** An empty value for each return type that has one. */
const EMPTY: [type: RegExp, values: string[]][] = [
  [/^boolean$/, ["true", "false"]],
  [/\[\]$|^ReadonlyArray</, ["[]"]],
  [/^number$/, ["0"]],
  [/^string$/, ['""']],
  [/\| null$/, ["null"]],
  [/\| undefined$/, ["undefined"]],
];

/** The name of the function that tells whether a mutant is active. */
const ACTIVE = "__isMutant";

/** Wraps every state that a module keeps between runs, so that it can be reset. */
const KEPT = /^(const \w+(?:: [^=\n]+)? = )(new (?:Weak)?Map(?:<[^(\n]*>)?\(\));$/gm;

export interface Instrumented {
  mutants: Mutant[];
  /** The file with all mutants in it; `globalThis.__mutants` selects one. */
  text: string;
}

export function instrument(file: string, source: string): Instrumented {
  const { program } = parseSync(file, source);
  const writer = new Writer(file, source);
  const text = writer.write(program as unknown as Node);
  const kept = text.replace(KEPT, "$1globalThis.__mutants.kept(() => $2) as any;");
  return {
    mutants: writer.mutants,
    text: `${kept}\nfunction ${ACTIVE}(n: number): boolean { return globalThis.__mutants.isActive(n); }\n`,
  };
}

class Writer {
  readonly mutants: Mutant[] = [];
  readonly #file: string;
  readonly #source: string;
  #within = "";
  #returnType = "";

  constructor(file: string, source: string) {
    this.#file = file;
    this.#source = source;
  }

  /** Returns the text of a node, in which every part that has mutants chooses between them and the original. */
  write(node: Node, wrapped = true): string {
    const within = this.#within;
    const returnType = this.#returnType;
    const name = nameOf(node);
    if (name !== undefined) this.#within = name;
    if (isFunction(node)) this.#returnType = this.#annotation(node);
    const mutations = wrapped ? this.#mutations(node) : [];
    const cases = mutations.map((to) => `${ACTIVE}(${this.#add(node, to)}) ? (${to}) : `);
    const text = this.#statement(node, this.#children(node));
    this.#within = within;
    this.#returnType = returnType;
    return cases.length === 0 ? text : `(${cases.join("")}(${text}))`;
  }

  #children(node: Node): string {
    let text = "";
    let end = node.start;
    for (const [child, wrapped] of children(node)) {
      text += this.#source.slice(end, child.start) + this.write(child, wrapped);
      end = child.end;
    }
    return text + this.#source.slice(end, node.end);
  }

  /** Lets mutants leave out statements and the bodies of loops. */
  #statement(node: Node, text: string): string {
    if (node.type === "ExpressionStatement" && node["directive"] === undefined)
      return `if (!${ACTIVE}(${this.#add(node, "")})) { ${text} }`;
    if (node["isLoopBody"] === true && node.type === "BlockStatement")
      return `{ if (${ACTIVE}(${this.#add(node, "{}")})) continue; ${text.slice(1)}`;
    return text;
  }

  #mutations(node: Node): string[] {
    return [...new Set(this.#ownMutations(node))].filter((text) => text !== this.#raw(node));
  }

  #ownMutations(node: Node): string[] {
    const part = (name: string): string => this.#raw(node[name] as Node);
    const returned = node["isReturned"] === true ? this.#emptyValues() : [];
    const tested = node["isTest"] === true ? ["true", "false"] : [];
    const found = [...tested, ...returned];
    switch (node.type) {
      case "LogicalExpression":
      case "BinaryExpression": {
        if (node["operator"] === "??") found.push(part("left"), part("right"));
        const sides = [node["left"], node["right"]] as Node[];
        const isText = sides.some(
          ({ type, value }) =>
            type === "TemplateLiteral" || (type === "Literal" && typeof value === "string"),
        );
        if (node["operator"] === "+" && isText) break;
        for (const operator of OPERATORS[node["operator"] as string] ?? [])
          found.push(`(${part("left")}) ${operator} (${part("right")})`);
        break;
      }
      case "UnaryExpression":
        if (node["operator"] === "!") found.push(part("argument"));
        break;
      case "Literal":
        if (typeof node["value"] === "boolean") found.push(String(!node["value"]));
        if (typeof node["value"] === "number")
          found.push(String(node["value"] + 1), String(node["value"] - 1));
        break;
      case "ArrayExpression": {
        const elements = (node["elements"] as (Node | null)[]).filter((element) => element !== null);
        if (elements.length <= 12)
          for (const left of elements)
            found.push(`[${elements.filter((element) => element !== left).map((each) => this.#raw(each))}]`);
        break;
      }
      case "CallExpression":
        found.push(...this.#calls(node));
    }
    return found;
  }

  #calls(node: Node): string[] {
    const callee = node["callee"] as Node;
    const list = (node["arguments"] as Node[]).map((each) => this.#raw(each));
    const method =
      callee.type === "MemberExpression" && callee["computed"] === false
        ? this.#raw(callee["property"] as Node)
        : "";
    const object = method === "" ? "" : this.#raw(callee["object"] as Node);
    if (method === "filter") return [object];
    if (METHODS[method] !== undefined) return [`${object}.${METHODS[method]}(${list.join(", ")})`];
    return list.length > 1 ? [`${this.#raw(callee)}(${list.slice(0, -1).join(", ")})`] : [];
  }

  #emptyValues(): string[] {
    return EMPTY.flatMap(([type, values]) => (type.test(this.#returnType) ? values : []));
  }

  #annotation(node: Node): string {
    const type = node["returnType"] as { typeAnnotation: Node } | null | undefined;
    return type ? this.#raw(type.typeAnnotation) : "";
  }

  #add(node: Node, to: string): number {
    const { start, end } = node;
    const line = this.#source.slice(0, start).split("\n").length;
    const from = this.#raw(node);
    this.mutants.push({ file: this.#file, line, within: this.#within, start, end, from, to });
    return this.mutants.length - 1;
  }

  #raw({ start, end }: Node): string {
    return this.#source.slice(start, end);
  }
}

const isFunction = ({ type }: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);

/** Returns the name that a node declares. */
function nameOf(node: Node): string | undefined {
  const id = (node["id"] ?? (node.type === "MethodDefinition" ? node["key"] : undefined)) as Node | undefined;
  return id?.["name"] as string | undefined;
}

/** Types, and patterns that are assigned to, have no mutants. */
const OPAQUE =
  /^(TS(?!AsExpression|NonNull|Satisfies)|Import|ObjectPattern$|ArrayPattern$|Identifier$|Super$)/;

/** Returns the children of a node in the order of the source, and whether a mutant can replace each. */
function children(node: Node): [Node, boolean][] {
  const found: [Node, boolean][] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name === "typeAnnotation" || name === "returnType" || name === "typeArguments") continue;
    for (const child of [value].flat() as unknown[]) {
      if (!isNode(child) || OPAQUE.test(child.type)) continue;
      if (name === "id" || name === "params" || name === "label" || name === "typeParameters") continue;
      if (name === "key" && node["computed"] !== true) continue;
      if (name === "left" && /^(Assignment|ForOf|ForIn)/.test(node.type)) continue;
      if (name === "test" && node.type !== "SwitchCase") child["isTest"] = true;
      if (name === "argument" && node.type === "ReturnStatement") child["isReturned"] = true;
      if (name === "body" && /^For(Of)?Statement$/.test(node.type)) child["isLoopBody"] = true;
      if (name === "body" && node.type === "ArrowFunctionExpression") child["isReturned"] = true;
      found.push([child, isReplaceable(node, name, child)]);
    }
  }
  return found.sort(([a], [b]) => a.start - b.start);
}

const isReplaceable = (node: Node, name: string, child: Node): boolean =>
  // A method needs its object, and an optional chain ends as a whole.
  !(name === "callee" && child.type === "MemberExpression") &&
  !(name === "expression" && node.type === "ChainExpression") &&
  !((name === "object" || name === "callee") && child["optional"] === true) &&
  !(node.type === "UnaryExpression" && /^(typeof|delete|-)$/.test(node["operator"] as string)) &&
  !(name === "update") &&
  !/Statement$|Declaration$/.test(child.type);

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";
