import type { HclOutline } from "../../../model/hcl-outline.ts";
import type { Problem } from "../../../model/source.ts";
import type {
  EvaluationRequest,
  EvaluationResponse,
  ModuleScan,
} from "../../../model/terraform-evaluation.ts";
import type { ModuleFiles } from "../../../model/terraform-module.ts";
import { EvaluatorInstance, FileAccess } from "./instance.ts";
import { WasiExit } from "./wasi.ts";
import { bounded, compile } from "./wasm.ts";

/** Evaluates Terraform modules synchronously. Failures become problems; the functions never throw. */
export interface Terraform {
  /** Returns the module calls of a directory. */
  scan(files: ModuleFiles, directory: string): ModuleScan;
  /** Evaluates a root module. `read`: identities of the files that Terraform functions such as `file` read. */
  evaluate(files: ModuleFiles, request: EvaluationRequest): EvaluationResponse & { read: Set<string> };
  /** Returns the comments and top-level blocks of a file in native syntax. After a failure, both lists are empty. */
  outline(path: string, text: string): HclOutline & { problems: Problem[] };
}

type EvaluatorFunction = "scan" | "evaluate" | "outline";

/** An evaluation that needs more memory ends as a problem of its root module. A page has 64 KiB. */
const MAX_MEMORY_PAGES = 16_384;

const compileBounded = (module: Uint8Array | object): object =>
  compile(module instanceof Uint8Array ? bounded(module, MAX_MEMORY_PAGES) : module);

/**
 * `load` returns bundles/terraform.wasm as bytes or as a WebAssembly.Module. It is called at the first evaluation, so
 * that runs without Terraform source never load the module.
 */
export function loadTerraform(load: () => Uint8Array | object): Terraform {
  let compiled: object | undefined;
  let instance: EvaluatorInstance | undefined;
  const call = (name: EvaluatorFunction, path: string, request: object, access?: FileAccess): object => {
    try {
      compiled ??= compileBounded(load());
      instance ??= new EvaluatorInstance(compiled);
      return instance.call(name, request, access);
    } catch (error) {
      // A trap leaves the memory in an undefined state, so the next call gets a new instance.
      const stderr = instance?.stderr ?? "";
      instance = undefined;
      return { problems: [trapProblem(path, error, stderr)], concerns: true };
    }
  };
  return {
    scan(files, directory) {
      const access = new FileAccess(files);
      const result = call("scan", directory, { directory }, access) as Partial<ModuleScan>;
      return {
        calls: result.calls ?? [],
        concerns: result.concerns ?? false,
        problems: access.withReadProblems(result.problems),
      };
    },
    evaluate(files, request) {
      const access = new FileAccess(files);
      const result = call("evaluate", request.directory, request, access) as Partial<EvaluationResponse>;
      return {
        directory: request.directory,
        unseen: result.unseen ?? [],
        files: result.files ?? [],
        undeclared: result.undeclared ?? [],
        calls: result.calls ?? {},
        holes: result.holes ?? [],
        components: result.components ?? [],
        ...(result.sensitive === undefined ? {} : { sensitive: result.sensitive }),
        problems: access.withReadProblems(result.problems),
        read: access.read,
      };
    },
    outline(path, text) {
      const result = call("outline", path, { text }) as Partial<HclOutline & { problems: Problem[] }>;
      return {
        comments: result.comments ?? [],
        blocks: result.blocks ?? [],
        problems: (result.problems ?? []).map((problem) => ({ ...problem, file: path })),
      };
    },
  };
}

/** Returns the problem of a call that trapped or exited. `stderr`: the output of the instance before that. */
function trapProblem(path: string, error: unknown, stderr: string): Problem {
  const { message } = error as Error;
  if (/stack/i.test(message) || /stack (overflow|exceeds)/.test(stderr))
    return {
      file: path,
      message: "The root module is nested too deeply to be evaluated.",
      remedy: "Split the deeply nested expression.",
    };
  if (/out of memory|memory access/i.test(`${message} ${stderr}`))
    return {
      file: path,
      message: "The evaluation of the root module needs more than 1 GiB of memory.",
      remedy: "Split the root module, or check the plan instead of the source.",
    };
  const reason = error instanceof WasiExit ? "the evaluator stopped." : message;
  return {
    file: path,
    message: `Keywarden failed with an internal error: ${reason}`,
    remedy: "Report this as a bug, with a minimal input that reproduces it.",
  };
}
