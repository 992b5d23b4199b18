/** Loads cosmiconfig when a config file exists: evaluating it takes several milliseconds of every run. */
export = {
  cosmiconfig: (): typeof import("cosmiconfig") => require("cosmiconfig"),
};
