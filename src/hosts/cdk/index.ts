/**
 * A validation plugin for the AWS CDK: `keywarden/cdk`. docs/integrations/cdk.md is the guide. The types are those of the
 * CDK by their shape alone: nothing of it is imported, so any version goes with it that has such plugins.
 *
 * @packageDocumentation
 */

export type * from "./types.ts";

import { packageFiles } from "../../node/package.ts";
import { acknowledgementsIn, unheardOf } from "./acknowledged.ts";
import { type CdkChecker, checkerFor } from "./checker.ts";
import { reportFor } from "./report.ts";
import { templatesOf } from "./templates.ts";
import type { KeywardenContext, KeywardenOptions, KeywardenReport } from "./types.ts";

/**
 * `Validations.of(app).addPlugins(new KeywardenPlugin())`. Synchronous. Throws an Error where options or configuration
 * are wrong.
 */
export class KeywardenPlugin {
  readonly name = "keywarden";
  readonly version: string;
  readonly ruleIds: string[];
  readonly #checker: CdkChecker;

  constructor(options: KeywardenOptions = {}) {
    this.#checker = checkerFor(options, { asset, cwd: process.cwd() });
    this.version = this.#checker.version;
    this.ruleIds = this.#checker.rules.map(({ id }) => id);
  }

  validate(context: KeywardenContext): KeywardenReport {
    const templates = templatesOf(context);
    const acknowledged = acknowledgementsIn(context.appConstruct);
    const report = this.#checker.check(templates);
    const remarks = [
      ...report.notices.flatMap(({ file, line, message }) =>
        // One about a file as a whole says that there is no key in it, as in most stacks.
        line === undefined ? [] : [`${file}:${line}: ${message}`],
      ),
      ...unheardOf(acknowledged, this.ruleIds),
    ];
    for (const remark of remarks) console.error(`keywarden: ${remark}`);
    const { failOn, version } = this.#checker;
    return reportFor(report, { templates, acknowledged, failOn, version });
  }
}

/** For `new App({ policyValidationBeta1: [...] })`, the older way to register plugins. */
export class KeywardenPluginBeta1 extends KeywardenPlugin {}

/** A file of the package itself, by its path from the root. */
const asset = packageFiles(import.meta.url);
