import type { OptionsSync, PublicExplorerSync } from "cosmiconfig";

interface Module {
  ExplorerSync: new (
    options: OptionsSync & { moduleName: string; metaConfigFilePath: null },
  ) => PublicExplorerSync;
}

/**
 * Loads cosmiconfig when a config file exists: evaluating it takes several milliseconds of every run. It loads the class
 * behind `cosmiconfigSync`, because that function also runs `.config/config.js` of the working directory for its own
 * options, and a checked repository must not run code.
 */
export = {
  cosmiconfig: (): Module => require("cosmiconfig/dist/ExplorerSync.js"),
};
