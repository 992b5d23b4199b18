import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { authority } from "./certificates.ts";
import { HcpTerraform, type RunOptions } from "./hcp-terraform.ts";
import { type Served, scratch, serve } from "./served.ts";
import { read } from "./support.ts";

const KEY = "the-key-of-the-run-task";
const good = read("examples/default-key-policy/plan.json");
const bad = read("examples/cross-account-without-root/plan.json");
const planned = (members: object) =>
  JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    planned_values: { root_module: {} },
    configuration: { root_module: {} },
    ...members,
  });

const changeOf = (change: object) => ({
  address: "aws_kms_key.orders",
  mode: "managed",
  type: "aws_kms_key",
  name: "orders",
  change,
});

let hcp: HcpTerraform;
let closed: Served;
let open: Served;
let lax: Served;

before(async () => {
  const folder = scratch();
  writeFileSync(join(folder, "hmac"), `${KEY}\n`);
  hcp = await HcpTerraform.start(authority(folder, "hcp").sign("hcp"), KEY);
  const start = (...args: string[]) =>
    serve(["--run-task-key-file", "hmac", "--run-task-host", hcp.hosts, "--workers", "1", ...args], {
      cwd: folder,
      env: { NODE_EXTRA_CA_CERTS: join(folder, "hcp.pem") },
    });
  closed = await start();
  open = await start("--fail-mode", "open");
  lax = await start("--require-content", "none");
});
after(() => hcp.stop());

/** Downloads that are no complete plan, and what the message says. */
const notPlans: [string, string, RegExp][] = [
  ["an empty body", "", /is not a Terraform plan/],
  ["white space", " \n", /is not a Terraform plan/],
  ["an empty object", "{}", /is not a Terraform plan/],
  ["an empty list", "[]", /is not a Terraform plan/],
  ["null", "null", /is not a Terraform plan/],
  ["a string", '"hello"', /is not a Terraform plan/],
  ["errors of the API", '{"errors":[{"status":"401","title":"unauthorized"}]}', /is not a Terraform plan/],
  [
    "an HTML error page",
    "<!DOCTYPE html>\n<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n",
    /is not a Terraform plan/,
  ],
  ["plain text", "Service Unavailable", /is not a Terraform plan/],
  ["text that is YAML", "error: service unavailable\n", /is not a Terraform plan/],
  ["an error of Amazon S3", "<Error><Code>AccessDenied</Code></Error>", /is not a Terraform plan/],
  ["a template", "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n", /is not a Terraform plan/],
  ["half of a plan", bad.slice(0, bad.length / 2), /could not decide/],
  ["a plan without its last character", good.trimEnd().slice(0, -1), /could not decide/],
  [
    "a state",
    '{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{}}}',
    /is a Terraform state, not a plan/,
  ],
  [
    "an empty state",
    '{"format_version":"1.0","terraform_version":"1.11.4"}',
    /has neither planned_values nor resource_changes/,
  ],
  [
    "a state file",
    '{"version":4,"serial":1,"lineage":"l","resources":[]}',
    /is a Terraform state, not a plan/,
  ],
  ["only a format version", '{"format_version":"1.2"}', /is not a Terraform plan/],
  ["values that are no values", planned({ planned_values: "none" }), /has neither planned_values nor/],
  [
    "changes that are no changes",
    planned({ resource_changes: ["aws_kms_key"] }),
    /is not the change of a resource/,
  ],
  [
    "a key that is created without values",
    planned({
      resource_changes: [
        {
          address: "aws_kms_key.orders",
          mode: "managed",
          type: "aws_kms_key",
          name: "orders",
          change: { actions: ["create"], before: null, after: null },
        },
      ],
    }),
    /The planned values of aws_kms_key\.orders are not an object/,
  ],
  [
    "planned values that are no module",
    planned({ planned_values: { root_module: { resources: {} } } }),
    /has neither planned_values nor/,
  ],
  [
    "a key whose values are all unknown",
    planned({ resource_changes: [changeOf({ actions: ["create"], after: {}, after_unknown: true })] }),
    /The planned values of aws_kms_key\.orders are not an object/,
  ],
  [
    "a key that stays without values",
    planned({ resource_changes: [changeOf({ actions: ["no-op"], before: {}, after: null })] }),
    /The planned values of aws_kms_key\.orders are not an object/,
  ],
  [
    "a key that is changed in an unknown way",
    planned({ resource_changes: [changeOf({ actions: ["CREATE"], before: null, after: null })] }),
    /The planned values of aws_kms_key\.orders are not an object/,
  ],
  ["a failed plan", planned({ errored: true, complete: false }), /terraform plan failed/],
  ["a targeted plan", planned({ complete: false }), /The plan is not complete/],
  [
    "a plan that defers a change",
    planned({ complete: false, deferred_changes: [{ reason: "provider_config_unknown" }] }),
    /The plan is not complete/,
  ],
];

for (const [name, plan, message] of notPlans)
  test(`${name} is undecided, and stops a mandatory run`, async () => {
    const denied = await hcp.run(`${closed.url}/run-task`, { plan });
    assert.deepEqual([denied.status, denied.continues], ["failed", false], denied.message);
    assert.match(denied.message, message);
    assert.match(denied.message, /^Keywarden could not decide and denies the request: /);
    const allowed = await hcp.run(`${open.url}/run-task`, { plan });
    assert.equal(allowed.status, "passed");
    assert.match(allowed.message, /^NOT CHECKED: /);
  });

const plans: [string, string, "passed" | "failed"][] = [
  ["a plan with a good key", good, "passed"],
  ["a plan with a bad key", bad, "failed"],
  ["a plan without resources", planned({}), "passed"],
  ["a plan without changes", planned({ resource_changes: [], complete: true, applyable: false }), "passed"],
  ["a plan of OpenTofu without complete", planned({ resource_changes: [] }), "passed"],
  [
    "a complete plan in which a resource says complete: false",
    planned({
      complete: true,
      resource_changes: [],
      output_changes: { job: { after: { complete: false } } },
    }),
    "passed",
  ],
  [
    "a plan of a bad key with planned values only",
    JSON.stringify({ ...JSON.parse(bad), resource_changes: [] }),
    "failed",
  ],
  ["an incomplete plan with a bad key", bad.replace(/^\{/, '{"complete":false,'), "failed"],
];

for (const [name, plan, status] of plans)
  test(`${name} is ${status}`, async () => {
    const run = await hcp.run(`${closed.url}/run-task`, { plan });
    assert.equal(run.status, status, run.message);
    assert.doesNotMatch(run.message, /could not decide/);
  });

const stages: [string, Partial<RunOptions>, RegExp, boolean][] = [
  ["an advisory task never stops a run", { enforcement: "advisory" }, /is not a Terraform plan/, true],
  ["pre-apply is like post-plan", { stage: "pre_apply" }, /is not a Terraform plan/, false],
  ["pre-plan has no plan", { stage: "pre_plan" }, /The stage pre_plan has no plan/, false],
  ["a download that fails", { downloadStatus: 404 }, /status 404/, false],
];

for (const [name, options, message, continues] of stages)
  test(name, async () => {
    const run = await hcp.run(`${closed.url}/run-task`, { plan: "", ...options });
    assert.deepEqual([run.status, run.continues], ["failed", continues]);
    assert.match(run.message, message);
  });

test("without --require-content, what is no plan passes and says NOT CHECKED; a broken plan does not pass", async () => {
  const passed = await hcp.run(`${lax.url}/run-task`, { plan: '{"errors":[]}' });
  assert.equal(passed.status, "passed");
  assert.match(passed.message, /^NOT CHECKED: The download is not a Terraform plan/);
  for (const plan of [planned({ errored: true }), bad.slice(0, 500)])
    assert.equal((await hcp.run(`${lax.url}/run-task`, { plan })).status, "failed");
});
