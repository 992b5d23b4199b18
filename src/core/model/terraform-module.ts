/** A directory with Terraform files. It is a root module unless another one that is read calls it. */
export interface TerraformModule {
  directory: string;
  files: ModuleFiles;
  /** The files of it that were asked for by their names; absent where all of the directory was. */
  only?: string[];
}

/** What the evaluation of a configuration may read. */
export interface ModuleFiles {
  /** One and the same for all paths that lead to a file or directory. */
  identity(path: string): string;
  /** Null where there is no such directory. */
  list(directory: string): DirectoryEntry[] | null;
  read(path: string, purpose: ReadPurpose): Uint8Array | Refusal;
}

export interface DirectoryEntry {
  name: string;
  directory: boolean;
}

/** A file of the configuration itself, or one that a function such as `file` names. */
export type ReadPurpose = "configuration" | "argument";

/** Why there are no bytes. */
export interface Refusal {
  refused: "missing" | "outside" | "too-large" | "unreadable";
  /** In words; absent where there is no such file. */
  message?: string;
  remedy?: string;
  line?: number;
}

/** Whether Terraform or OpenTofu read a file of this name as a part of the configuration. */
export const isTerraform = (path: string): boolean =>
  /^(?![.#]).*\.(?:tf|tofu)(?:\.json)?$/.test(path.replace(/^.*[\\/]/, ""));

/** Whether Terraform or OpenTofu read values of variables from files of this name. */
export const isVariables = (path: string): boolean => /\.tfvars(?:\.json)?$/.test(path);

/** `terraform show -json` of a plan, whatever the name of its file: plan.tofu.json is no configuration. */
export const isPlan = (text: string): boolean =>
  text.includes('"format_version"') &&
  (text.includes('"resource_changes"') || text.includes('"planned_values"'));
