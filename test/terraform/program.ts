/** Small WebAssembly modules that replace bundles/terraform.wasm in tests. */

type Bytes = number[];

const text = (value: string): Bytes => [...new TextEncoder().encode(value)];

/** Encodes an unsigned LEB128 number. */
function unsigned(value: number): Bytes {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** Encodes a signed LEB128 number. */
function signed(value: bigint): Bytes {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const done = (rest === 0n && low < 64) || (rest === -1n && low >= 64);
  return done ? [low] : [low + 128, ...signed(rest)];
}

const list = (items: Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const sized = (content: Bytes): Bytes => [...unsigned(content.length), ...content];
const section = (id: number, items: Bytes[]): Bytes => [id, ...sized(list(items))];
const named = (name: string): Bytes => sized(text(name));

const I32 = 0x7f;
const I64 = 0x7e;
const type = (parameters: Bytes, results: Bytes): Bytes => [
  0x60,
  ...list(parameters.map((t) => [t])),
  ...list(results.map((t) => [t])),
];

/** Indexes of function types. */
const NOTHING = 0;
const ALLOCATE = 1;
const CALL = 2;
const READ = 3;
const TAKE = 4;
const imports: [module: string, name: string, type: number][] = [
  ["wasi_snapshot_preview1", "proc_exit", TAKE],
  ["keywarden", "read", READ],
  ["keywarden", "take", TAKE],
];
const own = ["_initialize", "allocate", "scan", "evaluate", "outline"];

const RESULT = 1024;
const PATH = 512;
const PLACE = 4096;

const i32 = (value: number): Bytes => [0x41, ...signed(BigInt(value))];
const i64 = (value: bigint): Bytes => [0x42, ...signed(value)];
const call = (index: number): Bytes => [0x10, ...unsigned(index)];

/** Returns a module whose `scan`, `evaluate` and `outline` run the instructions, which leave the result on the stack. */
function program(instructions: Bytes, path = ""): Uint8Array {
  const body = (code: Bytes): Bytes => sized([0, ...code, 0x0b]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [
      type([], []),
      type([I32], [I32]),
      type([I32, I32], [I64]),
      type([I32, I32, I32], [I32]),
      type([I32], []),
    ]),
    ...section(
      2,
      imports.map(([module, name, index]) => [...named(module), ...named(name), 0, index]),
    ),
    ...section(3, [[NOTHING], [ALLOCATE], [CALL], [CALL], [CALL]]),
    ...section(5, [[0, 1]]),
    ...section(7, [
      ...own.map((name, index) => [...named(name), 0, imports.length + index]),
      [...named("memory"), 2, 0],
    ]),
    ...section(10, [body([]), body(i32(PLACE)), body(instructions), body(instructions), body(instructions)]),
    ...section(11, [
      [0, ...i32(RESULT), 0x0b, ...named(answer)],
      [0, ...i32(PATH), 0x0b, ...named(path)],
    ]),
  ]);
}

/** The result of modules that do not fail. */
const answer = '{"files":["main.tf"]}';
const answers = i64((BigInt(RESULT) << 32n) | BigInt(answer.length));

const EVALUATE = imports.length + 3;
const unreachable: Bytes = [0x00];

export const programs = {
  answers: program(answers),
  traps: program(unreachable),
  /** Calls itself without end. */
  calls: program([...i32(0), ...i32(0), ...call(EVALUATE)]),
  exits: program([...i32(2), ...call(0), ...answers]),
  /** Traps at the second call of an instance. */
  trapsLater: program([
    ...[...i32(0), 0x28, 2, 0], // load from address 0
    ...[0x04, 0x40, ...unreachable, 0x0b], // if
    ...[...i32(0), ...i32(1), 0x36, 2, 0], // store 1 at address 0
    ...answers,
  ]),
  /** Returns the content of a file. */
  reads: (path: string, purpose: number) =>
    program(
      [
        ...[...i32(PATH), ...i32(path.length), ...i32(purpose), ...call(1), 0xac], // the size as i64
        ...[...i32(PLACE), ...call(2)], // take
        ...[...i64(BigInt(PLACE) << 32n), 0x7c], // plus the place
      ],
      path,
    ),
};
