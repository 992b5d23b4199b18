/**
 * Runs all rule packs of cdk-nag on each template: `node nag.mjs TEMPLATE…`. Prints one JSON object, {"file": [check IDs]},
 * with null for a template that the CDK cannot include.
 */
import { App, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import * as nag from "cdk-nag";

const packs = [
  nag.AwsSolutionsChecks,
  nag.HIPAASecurityChecks,
  nag.NIST80053R5Checks,
  nag.PCIDSS321Checks,
  nag.ServerlessChecks,
];

const found = {};
for (const templateFile of process.argv.slice(2)) {
  try {
    const app = new App({ analyticsReporting: false });
    new CfnInclude(new Stack(app, "Stack"), "Template", { templateFile });
    found[templateFile] = packs.flatMap((Pack) => {
      const { violations } = new Pack().validate({ appConstruct: app, templatePaths: [] });
      return violations.map((violation) => violation.ruleName);
    });
  } catch {
    found[templateFile] = null;
  }
}
console.log(JSON.stringify(found));
