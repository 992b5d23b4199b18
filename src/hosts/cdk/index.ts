/**
 * A validation plugin for the AWS CDK: `keywarden/cdk`. docs/integrations/cdk.md is the guide. The types match the types
 * of the CDK structurally. The plugin imports nothing from the CDK, so it works with every version that supports plugins.
 *
 * @packageDocumentation
 */

export type * from "./types.ts";

import { plainLine } from "../../core/model/escape.ts";
import { packageFiles } from "../../node/package.ts";
import { acknowledgementsIn, unknownRuleMessages } from "./acknowledged.ts";
import { type CdkChecker, checkerFor } from "./checker.ts";
import { pluginReport } from "./report.ts";
import { templatesOf } from "./templates.ts";
import type { KeywardenContext, KeywardenOptions, KeywardenReport } from "./types.ts";

/**
 * Validates the templates of an app: `Validations.of(app).addPlugins(new KeywardenPlugin())`. Synchronous. The
 * constructor throws an Error if the options or the config are invalid.
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
    const messages = [
      ...report.notices.flatMap(({ file, line, message }) =>
        // A notice without a line reports a template without keys, and most stacks have none.
        line === undefined ? [] : [`${file}:${line}: ${message}`],
      ),
      ...unknownRuleMessages(acknowledged, this.ruleIds),
    ];
    for (const message of messages) console.error(`keywarden: ${plainLine(message)}`);
    const { failOn, version } = this.#checker;
    return pluginReport(report, { templates, acknowledged, failOn, version });
  }
}

/** The plugin for `new App({ policyValidationBeta1: [...] })`, in older versions of the CDK. */
export class KeywardenPluginBeta1 extends KeywardenPlugin {}

/** Reads a file of the package, by its path from the package root. */
const asset = packageFiles(import.meta.url);
