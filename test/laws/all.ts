/** The laws that a report obeys, whatever the input. */
import { folders } from "./folder-law.ts";
import { growth } from "./growth-law.ts";
import { holes } from "./hole-law.ts";
import { isolation } from "./isolation-law.ts";
import type { Law } from "./law.ts";
import { outputs } from "./output-law.ts";
import { restriction } from "./restriction-law.ts";

export const laws: readonly Law[] = [restriction, holes, folders, isolation, outputs, growth];
