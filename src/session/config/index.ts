export { ignoredBy, levelsOf, placeIn, placeOf, placesOf, settingsFor } from "./apply.ts";
export { explainConfig } from "./explain.ts";
export { type ConfigRequest, type Loaded, loadConfig } from "./load.ts";
export { defaults as defaultConfig } from "./merge.ts";
