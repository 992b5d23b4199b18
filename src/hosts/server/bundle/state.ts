import { join } from "node:path";
import { messageOf } from "../../../core/model/message.ts";
import { type StateFile, stateFile } from "../../../node/state-file.ts";
import { unpackBundle } from "./archive.ts";
import { type BundleVersion, bundleVersion } from "./version.ts";

const FILE_NAME = "bundle.tar.gz";

/** The bundle that was activated last, with its version. */
export interface StoredBundle {
  bytes: Uint8Array;
  version: BundleVersion;
}

/** Keeps the bundle that was activated last in a directory. */
export interface BundleState {
  /** Path of the file. */
  path: string;
  /** Returns the stored bundle, or undefined if none was activated yet. Rejects with an Error if it is damaged. */
  load(): Promise<StoredBundle | undefined>;
  /** Throws a system error. */
  save(bytes: Uint8Array): void;
}

/** Throws an Error if the directory is not writable. */
export function openBundleState(directory: string): BundleState {
  const path = join(directory, FILE_NAME);
  const file = openFile(directory, path);
  return {
    path,
    async load() {
      try {
        const bytes = file.read();
        return bytes === undefined ? undefined : { bytes, version: bundleVersion(await unpackBundle(bytes)) };
      } catch (error) {
        throw new Error(
          `Cannot read the state of the last activated bundle in "${path}": ${messageOf(error)}. Restore the file. If you delete it, the server accepts older bundles.`,
        );
      }
    },
    save: file.write,
  };
}

function openFile(directory: string, path: string): StateFile {
  try {
    return stateFile(path);
  } catch (error) {
    throw new Error(
      `--state-dir: cannot write to "${directory}": ${messageOf(error)}. Mount a writable directory that belongs to this server only.`,
    );
  }
}
