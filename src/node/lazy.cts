/**
 * Loads cosmiconfig when a config file exists: evaluating it takes several milliseconds of every run. It loads the class
 * behind `cosmiconfigSync`, because that function also runs `.config/config.js` of the working directory for its own
 * options, and a checked repository must not run code.
 */
export = {
  cosmiconfig: (): typeof import("cosmiconfig/dist/ExplorerSync.js") =>
    require("cosmiconfig/dist/ExplorerSync.js"),
};
