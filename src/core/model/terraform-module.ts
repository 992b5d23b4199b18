/** A directory with Terraform files. It is a root module unless another module that Keywarden reads calls it. */
export interface TerraformModule {
  directory: string;
  files: ModuleFiles;
  /** The requested files, if the user named single files. Absent if the whole directory is requested. */
  only?: string[];
  /** The files are in memory, and none contains a block. */
  hasNoBlocks?: true;
}

/** The files that the evaluation of a module may read. */
export interface ModuleFiles {
  /** Returns the same string for all paths of one file or directory. */
  identity(path: string): string;
  /** Returns null if the directory does not exist. */
  list(directory: string): DirectoryEntry[] | null;
  read(path: string, purpose: ReadPurpose): Uint8Array | Refusal;
}

export interface DirectoryEntry {
  name: string;
  directory: boolean;
}

/** `module`: the file is part of a module. `argument`: a function such as `file` names it. */
export type ReadPurpose = "module" | "argument";

/** Why a file cannot be read. */
export interface Refusal {
  refused: "missing" | "outside" | "too-large" | "unreadable";
  /** Absent if the file does not exist. */
  message?: string;
  remedy?: string;
  line?: number;
}

/** Returns whether Terraform or OpenTofu treat a file of this name as part of a module. */
export const isTerraform = (path: string): boolean =>
  /^(?![.#]).*\.(?:tf|tofu)(?:\.json)?$/.test(path.replace(/^.*[\\/]/, ""));

/** Returns whether a file of this name contains values for variables. */
export const isVariables = (path: string): boolean => /\.tfvars(?:\.json)?$/.test(path);

/** Returns whether a text is the output of `terraform show -json`: plan.tofu.json may be a plan, despite its name. */
export const isPlan = (text: string): boolean =>
  text.includes('"format_version"') &&
  (text.includes('"resource_changes"') || text.includes('"planned_values"'));

/** Returns whether a file of this name deploys modules: a Terragrunt configuration, or part of a Terraform stack. */
export const isOrchestration = (path: string): boolean =>
  /(?:^|[\\/])(?:terragrunt(?:\.stack)?\.hcl(?:\.json)?|(?![.#])[^\\/]*\.(?:tfstack|tfcomponent|tfdeploy)\.(?:hcl|json))$/.test(
    path,
  );
