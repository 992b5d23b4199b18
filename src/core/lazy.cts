/** Loads picomatch when there is a glob to match: evaluating it takes several milliseconds of every run. */
export = {
  picomatch: (): typeof import("picomatch") => require("picomatch"),
};
