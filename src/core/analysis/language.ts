/**
 * A regular language of strings, as a complete deterministic automaton: state `start`, and for each state its
 * transitions by UTF-16 code unit, and the state that every other code unit leads to.
 */
export interface Language {
  readonly start: number;
  readonly accept: readonly boolean[];
  readonly next: readonly ReadonlyMap<number, number>[];
  readonly other: readonly number[];
}

/** One character of a set, or any number of them. `codes` are the characters of the set, or those outside it. */
export interface Token {
  codes: readonly number[];
  negated: boolean;
  repeated: boolean;
}

/** A string pattern. */
export type Pattern = readonly Token[];

/** Thrown if a language has more states than an analysis may use. */
export class TooComplex extends Error {}

const MAX_STATES = 20_000;

let budget = Number.POSITIVE_INFINITY;

/**
 * Runs an analysis that may take a number of steps: each visits a position of a pattern or a transition of an automaton.
 * Returns its result, and the steps that are left.
 */
export function withWorkLimit<T>(steps: number, run: () => T): [result: T, left: number] {
  budget = steps;
  try {
    return [run(), Math.max(0, budget)];
  } finally {
    budget = Number.POSITIVE_INFINITY;
  }
}

/** Counts work against the limit. */
export function spend(steps: number): void {
  budget -= steps;
  if (budget < 0) throw new TooComplex();
}

const codesOf = (characters: string): number[] =>
  Array.from({ length: characters.length }, (_, i) => characters.charCodeAt(i));

/** Returns the pattern of one string. */
export const literal = (text: string): Pattern =>
  codesOf(text).map((code) => ({ codes: [code], negated: false, repeated: false }));

/** Returns the pattern of one string, without regard to case. */
export const caseless = (text: string): Pattern =>
  [...text].map((char) => ({
    codes: [...new Set(codesOf(char.toLowerCase() + char.toUpperCase()))],
    negated: false,
    repeated: false,
  }));

/** Returns the pattern of one character out of `characters`. */
export const oneOf = (characters: string): Pattern => [
  { codes: codesOf(characters), negated: false, repeated: false },
];

/** Any character except those of `without`. */
export const anyCharacter = (without = ""): Token => ({
  codes: codesOf(without),
  negated: true,
  repeated: false,
});

/** Any string without the characters of `without`. */
export const anyText = (without = ""): Token => ({
  codes: codesOf(without),
  negated: true,
  repeated: true,
});

const matchesCode = ({ codes, negated }: Token, code: number | null): boolean =>
  code === null ? negated : codes.includes(code) !== negated;

/** Languages by their patterns. The same few languages occur in most policies. */
const known = new Map<string, Language>();
let knownStates = 0;
/** A state takes up a few hundred bytes. */
const MAX_KNOWN_STATES = 200_000;

/** Returns the language of the strings that match any of the patterns. */
export function languageOf(patterns: readonly Pattern[]): Language {
  const key = `${patterns.length}\n${patterns.map(nameOf).join("\n")}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const language = build(patterns);
  knownStates += language.accept.length;
  if (knownStates > MAX_KNOWN_STATES) {
    known.clear();
    knownStates = language.accept.length;
  }
  known.set(key, language);
  return language;
}

const nameOf = (pattern: Pattern): string => {
  let name = "";
  for (const { codes, negated, repeated } of pattern) {
    if (codes.length === 1 && codes[0] !== 0 && !negated && !repeated)
      name += String.fromCharCode(codes[0] as number);
    else name += `\0${repeated ? "*" : ""}${negated ? "^" : ""}${codes.join()}\0`;
  }
  return name;
};

function build(patterns: readonly Pattern[]): Language {
  // A position of the nondeterministic automaton is a number: the patterns are laid out one after the other.
  const tokens: (Token | null)[] = patterns.flatMap((pattern) => [...pattern, null]);
  const starts: number[] = [];
  let length = 0;
  for (const pattern of patterns) {
    starts.push(length);
    length += pattern.length + 1;
  }
  const alphabet = [...new Set(tokens.flatMap((token) => token?.codes ?? []))];
  const closed = (positions: Iterable<number>): number[] => {
    const found = new Set<number>();
    for (let position of positions) {
      found.add(position);
      while (tokens[position]?.repeated === true) found.add(++position);
    }
    return [...found].sort((a, b) => a - b);
  };
  const step = (positions: readonly number[], code: number | null): number[] => {
    spend(positions.length);
    return closed(
      positions.flatMap((position) => {
        const token = tokens[position] ?? null;
        if (token === null || !matchesCode(token, code)) return [];
        return token.repeated ? [position] : [position + 1];
      }),
    );
  };
  return explore(
    closed(starts),
    (positions) => positions.join(),
    (positions) => ({
      accept: positions.some((position) => tokens[position] === null),
      codes: alphabet.filter((code) => positions.some((p) => tokens[p]?.codes.includes(code) === true)),
      to: (code) => step(positions, code),
    }),
  );
}

interface StateInfo<S> {
  accept: boolean;
  /** The characters whose transition may differ from that of all others. */
  codes: Iterable<number>;
  /** Returns the next state; null stands for a character outside `codes`. */
  to(code: number | null): S;
}

/** Builds the automaton of the states that `first` leads to. */
function explore<S>(first: S, nameOf: (state: S) => string, infoOf: (state: S) => StateInfo<S>): Language {
  const ids = new Map<string, number>();
  const states: S[] = [];
  const idOf = (state: S): number => {
    const name = nameOf(state);
    const known = ids.get(name);
    if (known !== undefined) return known;
    if (states.length >= MAX_STATES) throw new TooComplex();
    ids.set(name, states.length);
    states.push(state);
    return states.length - 1;
  };
  const start = idOf(first);
  const accept: boolean[] = [];
  const next: Map<number, number>[] = [];
  const other: number[] = [];
  for (let i = 0; i < states.length; i++) {
    const info = infoOf(states[i] as S);
    accept.push(info.accept);
    const rest = idOf(info.to(null));
    other.push(rest);
    const transitions = new Map<number, number>();
    spend(1);
    for (const code of info.codes) {
      spend(1);
      const to = idOf(info.to(code));
      if (to !== rest) transitions.set(code, to);
    }
    next.push(transitions);
  }
  return { start, accept, next, other };
}

const target = (language: Language, state: number, code: number | null): number =>
  (code === null ? undefined : language.next[state]?.get(code)) ?? (language.other[state] as number);

type Results = WeakMap<Language, WeakMap<Language, Language>>;

/** Returns the result for two languages that were combined before. */
function remembered(results: Results, a: Language, b: Language, compute: () => Language): Language {
  let ofA = results.get(a);
  if (ofA === undefined) {
    ofA = new WeakMap();
    results.set(a, ofA);
  }
  let result = ofA.get(b);
  if (result === undefined) {
    result = compute();
    ofA.set(b, isEmpty(result) ? nothing : result);
  }
  return ofA.get(b) as Language;
}

const isSink = ({ accept, next, other }: Language, state: number): boolean =>
  !accept[state] && other[state] === state && next[state]?.size === 0;

/** States of two automata that run side by side. null: nothing is accepted any more. */
type StatePair = readonly [number, number] | null;

function combined(a: Language, b: Language, accepts: (a: boolean, b: boolean) => boolean): Language {
  const pair = (x: number, y: number): StatePair => {
    // A state other than a sink may accept later.
    const [one, other] = [!isSink(a, x), !isSink(b, y)];
    const mayAccept = accepts(one, other) || accepts(one, false) || accepts(false, other);
    return mayAccept ? [x, y] : null;
  };
  return explore<StatePair>(
    pair(a.start, b.start),
    (states) => (states === null ? "" : `${states[0]},${states[1]}`),
    (states) =>
      states === null
        ? { accept: false, codes: [], to: () => null }
        : {
            accept: accepts(a.accept[states[0]] as boolean, b.accept[states[1]] as boolean),
            codes: new Set([
              ...(a.next[states[0]] as ReadonlyMap<number, number>).keys(),
              ...(b.next[states[1]] as ReadonlyMap<number, number>).keys(),
            ]),
            to: (code) => pair(target(a, states[0], code), target(b, states[1], code)),
          },
  );
}

export const everything: Language = languageOf([[anyText()]]);
export const nothing: Language = languageOf([]);
const intersections: Results = new WeakMap();
const unions: Results = new WeakMap();
const differences: Results = new WeakMap();

export function intersection(a: Language, b: Language): Language {
  if (a === everything || a === b) return b;
  if (b === everything) return a;
  return remembered(intersections, a, b, () => combined(a, b, (x, y) => x && y));
}

export function union(a: Language, b: Language): Language {
  if (a === nothing || a === b) return b;
  if (b === nothing) return a;
  return remembered(unions, a, b, () => combined(a, b, (x, y) => x || y));
}

export function difference(a: Language, b: Language): Language {
  if (a === b) return nothing;
  if (b === nothing || a === nothing) return a;
  return remembered(differences, a, b, () => combined(a, b, (x, y) => x && !y));
}

/** Every state of an automaton can be reached, so one accepting state is enough. */
export const isEmpty = (language: Language): boolean => !language.accept.includes(true);

export const isSubset = (a: Language, b: Language): boolean =>
  a === b || b === everything || isEmpty(difference(a, b));

export function includes(language: Language, text: string): boolean {
  let state = language.start;
  for (let i = 0; i < text.length; i++) state = target(language, state, text.charCodeAt(i));
  return language.accept[state] as boolean;
}

/** Returns a shortest string of a language, or null if it is empty. */
export function shortest(language: Language): string | null {
  const queue: [number, string][] = [[language.start, ""]];
  const seen = new Set([language.start]);
  for (const [state, text] of queue) {
    if (language.accept[state] === true) return text;
    const transitions = language.next[state] as ReadonlyMap<number, number>;
    const rest = [...("xabcdefghijklmnopqrstuvw0123456789" as string)].find(
      (c) => !transitions.has(c.charCodeAt(0)),
    );
    for (const [char, to] of [
      ...[...transitions].map(([code, to]): [string, number] => [String.fromCharCode(code), to]),
      [rest ?? "\u00a4", language.other[state] as number] as [string, number],
    ]) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push([to, text + char]);
    }
  }
  return null;
}
