import type { Problem } from "../../../model/source.ts";
import type {
  EvaluationRequest,
  EvaluationResponse,
  ModuleScan,
} from "../../../model/terraform-evaluation.ts";
import type { ModuleFiles, ReadPurpose, Refusal } from "../../../model/terraform-module.ts";
import { Exit, wasi } from "./wasi.ts";
import { compile, type Memory, wasm } from "./wasm.ts";

/** Evaluates Terraform configurations, synchronously. What it cannot read is a problem; it never throws for it. */
export interface Terraform {
  scan(files: ModuleFiles, directory: string): ModuleScan;
  /** `read`: the files that functions of the configuration named, by their identities. */
  evaluate(files: ModuleFiles, request: EvaluationRequest): EvaluationResponse & { read: Set<string> };
}

/**
 * `load` gives bundles/terraform.wasm, as bytes or as a WebAssembly.Module, and is not called before there is something
 * to evaluate.
 */
export function loadTerraform(load: () => Uint8Array | object): Terraform {
  let compiled: object | undefined;
  let program: Program | undefined;
  const call = (name: "scan" | "evaluate", session: Session, request: { directory: string }): object => {
    try {
      compiled ??= compile(load());
      program ??= new Program(compiled);
      return program.call(name, session, request);
    } catch (error) {
      // After a trap nobody knows what is in its memory: the next call gets a new one.
      const { said } = program ?? { said: "" };
      program = undefined;
      return { problems: [trapped(request.directory, error, said)], concerns: true };
    }
  };
  return {
    scan(files, directory) {
      const session = new Session(files);
      const said = call("scan", session, { directory }) as Partial<ModuleScan>;
      return {
        calls: said.calls ?? [],
        concerns: said.concerns ?? false,
        problems: session.with(said.problems),
      };
    },
    evaluate(files, request) {
      const session = new Session(files);
      const said = call("evaluate", session, request) as Partial<EvaluationResponse>;
      return {
        directory: request.directory,
        notices: said.notices ?? [],
        files: said.files ?? [],
        undeclared: said.undeclared ?? [],
        calls: said.calls ?? {},
        holes: said.holes ?? [],
        components: said.components ?? [],
        problems: session.with(said.problems),
        read: session.read,
      };
    },
  };
}

interface Exports {
  memory: Memory;
  _initialize(): void;
  allocate(size: number): number;
  scan(pointer: number, length: number): bigint;
  evaluate(pointer: number, length: number): bigint;
}

const encoder = new TextEncoder();

/** The program with its memory. It does one call after the other. */
class Program {
  /** What it wrote: the end of a program that failed. */
  said = "";
  private readonly exports: Exports;
  private session: Session | undefined;
  private held: Uint8Array = new Uint8Array();

  constructor(module: object) {
    const { exports } = new wasm.Instance(module, {
      wasi_snapshot_preview1: wasi(
        () => this.exports.memory,
        (text) => {
          this.said = (this.said + text).slice(0, 10_000);
        },
      ),
      keywarden: {
        list: (path: number, length: number) => this.hold(this.session?.list(this.text(path, length))),
        read: (path: number, length: number, purpose: number) =>
          this.hold(this.session?.load(this.text(path, length), purpose === 1 ? "argument" : "module")),
        take: (pointer: number) => this.memory(pointer, this.held.length).set(this.held),
      },
    });
    this.exports = exports as Exports;
    this.exports._initialize();
  }

  call(name: "scan" | "evaluate", session: Session, request: object): object {
    this.said = "";
    this.session = session;
    const bytes = encoder.encode(JSON.stringify(request));
    const pointer = this.exports.allocate(bytes.length) >>> 0;
    this.memory(pointer, bytes.length).set(bytes);
    const result = BigInt.asUintN(64, this.exports[name](pointer, bytes.length));
    return JSON.parse(this.text(Number(result >> 32n), Number(result & 0xffffffffn)));
  }

  private memory(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, pointer >>> 0, length >>> 0);
  }

  private text(pointer: number, length: number): string {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.memory(pointer, length));
  }

  /** Keeps bytes ready for `take`; their number, or the code of what there is instead. */
  private hold(content: Uint8Array | Refusal | undefined): number {
    if (content instanceof Uint8Array) {
      this.held = content;
      return content.length;
    }
    this.held = new Uint8Array();
    return codes[content?.refused ?? "missing"];
  }
}

const codes: { [reason in Refusal["refused"]]: number } = {
  missing: -1,
  outside: -2,
  "too-large": -3,
  unreadable: -4,
};

/** What one call reads. */
class Session {
  readonly read = new Set<string>();
  /** Files of the configuration that are there and cannot be read. */
  private readonly unread = new Map<string, Problem>();

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
      this.unread.set(path, { file: path, ...(line === undefined ? {} : { line }), message, remedy });
    }
    return content;
  }

  /** The problems of the program, and those of reading, which say more about a file. */
  with(problems: Problem[] | null | undefined): Problem[] {
    return [...this.unread.values(), ...(problems ?? []).filter(({ file }) => !this.unread.has(file))];
  }
}

/** The problem of a program that ended before it answered: its stack or its memory is full. */
function trapped(directory: string, error: unknown, said: string): Problem {
  const { message } = error as Error;
  const deep = /stack/i.test(message) || /stack (overflow|exceeds)/.test(said);
  if (deep)
    return {
      file: directory,
      message: "The configuration is nested too deeply to be evaluated.",
      remedy: "Divide the expression that is nested so deeply.",
    };
  if (/out of memory|memory access/i.test(`${message} ${said}`))
    return {
      file: directory,
      message: "The configuration is too large to be evaluated.",
      remedy: "Check its parts one by one.",
    };
  const reason = error instanceof Exit ? (said.split("\n")[0] ?? message) : message;
  return {
    file: directory,
    message: `Keywarden failed with an internal error: ${reason}`,
    remedy: "Report this as a bug, with a minimal input that reproduces it.",
  };
}
