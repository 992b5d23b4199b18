import type { Problem } from "../../../model/source.ts";
import type { ModuleFiles, ReadPurpose, Refusal } from "../../../model/terraform-module.ts";
import { wasi } from "./wasi.ts";
import { type WasmMemory, wasm } from "./wasm.ts";

interface EvaluatorExports {
  memory: WasmMemory;
  _initialize(): void;
  allocate(size: number): number;
  scan(pointer: number, length: number): bigint;
  evaluate(pointer: number, length: number): bigint;
  outline(pointer: number, length: number): bigint;
}

const encoder = new TextEncoder();
const stderrLimit = 10_000;

/** An instance of bundles/terraform.wasm. See "Exports and imports" in terraform/README.md. */
export class EvaluatorInstance {
  /** Standard output and error of the current call. */
  stderr = "";
  private readonly exports: EvaluatorExports;
  private access: FileAccess | undefined;
  /** The result of the last `list` or `read`, until the module takes it. */
  private pending: Uint8Array = new Uint8Array();

  constructor(module: object) {
    const { exports } = new wasm.Instance(module, {
      wasi_snapshot_preview1: wasi(
        () => this.exports.memory,
        (text) => {
          this.stderr = (this.stderr + text).slice(0, stderrLimit);
        },
      ),
      keywarden: {
        list: (path: number, length: number) => this.offer(this.access?.list(this.stringAt(path, length))),
        read: (path: number, length: number, purpose: number) =>
          this.offer(this.access?.load(this.stringAt(path, length), purpose === 1 ? "argument" : "module")),
        take: (pointer: number) => this.bytesAt(pointer, this.pending.length).set(this.pending),
      },
    });
    this.exports = exports as EvaluatorExports;
    this.exports._initialize();
  }

  /** Throws if the module traps or exits. Without `access`, the module has no files. */
  call(name: "scan" | "evaluate" | "outline", request: object, access?: FileAccess): object {
    this.stderr = "";
    this.access = access;
    const bytes = encoder.encode(JSON.stringify(request));
    const pointer = this.exports.allocate(bytes.length) >>> 0;
    this.bytesAt(pointer, bytes.length).set(bytes);
    const result = BigInt.asUintN(64, this.exports[name](pointer, bytes.length));
    return JSON.parse(this.stringAt(Number(result >> 32n), Number(result & 0xffffffffn)));
  }

  private bytesAt(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, pointer >>> 0, length >>> 0);
  }

  private stringAt(pointer: number, length: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.bytesAt(pointer, length));
  }

  /** Keeps the bytes for `take`. Returns their number, or an error code. */
  private offer(content: Uint8Array | Refusal | undefined): number {
    if (content instanceof Uint8Array) {
      this.pending = content;
      return content.length;
    }
    this.pending = new Uint8Array();
    return errorCodes[content?.refused ?? "missing"];
  }
}

const errorCodes: { [reason in Refusal["refused"]]: number } = {
  missing: -1,
  outside: -2,
  "too-large": -3,
  unreadable: -4,
};

/** The files that one call reads. */
export class FileAccess {
  /** Identities of the files that Terraform functions read. */
  readonly read = new Set<string>();
  /** Problems of module files that exist but cannot be read, by path. */
  private readonly unreadable = new Map<string, Problem>();

  constructor(private readonly files: ModuleFiles) {}

  list(directory: string): Uint8Array | Refusal {
    const entries = this.files.list(directory);
    return entries === null ? { refused: "missing" } : encoder.encode(JSON.stringify(entries));
  }

  load(path: string, purpose: ReadPurpose): Uint8Array | Refusal {
    const content = this.files.read(path, purpose);
    if (content instanceof Uint8Array) {
      if (purpose === "argument") this.read.add(this.files.identity(path));
    } else if (purpose === "module" && content.message !== undefined) {
      const { line, message, remedy = "Check the file." } = content;
      this.unreadable.set(path, { file: path, ...(line === undefined ? {} : { line }), message, remedy });
    }
    return content;
  }

  /** Adds the problems of unreadable files. They replace the evaluator's problems of the same file, which are less specific. */
  withReadProblems(problems: Problem[] | null | undefined): Problem[] {
    return [
      ...this.unreadable.values(),
      ...(problems ?? []).filter(({ file }) => !this.unreadable.has(file)),
    ];
  }
}
