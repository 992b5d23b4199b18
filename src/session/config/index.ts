export { ignoreMatcher, mergeRuleSettings, targetsByPath } from "./apply.ts";
export { describeConfig } from "./describe.ts";
export { levelResolver } from "./levels.ts";
export { type ConfigFileRequest, type ConfigResult, loadConfigFile } from "./load.ts";
export { defaultConfig } from "./merge.ts";
