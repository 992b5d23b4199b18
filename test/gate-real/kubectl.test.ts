import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { scratch } from "../server/served.ts";
import { ackKey, goodPolicy, openPolicy, read } from "../server/support.ts";
import { programPath, runProgram } from "./program.ts";
import { startGateCluster } from "./setup.ts";

const cluster = await startGateCluster();
after(() => cluster.end());
await cluster.installWebhook();

const folder = scratch();

async function kubectl(...args: string[]): Promise<{ status: number | null; output: string }> {
  const command = ["--kubeconfig", cluster.kubeconfig, ...args];
  const { status, stdout, stderr } = await runProgram(programPath("kubectl"), command, { cwd: folder });
  return { status, output: stderr + stdout };
}

const retained = { annotations: { "services.k8s.aws/deletion-policy": "retain" } };

test("kubectl prints what docs/server/kubernetes.md shows", async () => {
  const key = ackKey({ policy: openPolicy, enableKeyRotation: false }, retained);
  writeFileSync(join(folder, "key.yaml"), JSON.stringify(key));
  const { status, output } = await kubectl("apply", "-f", "key.yaml");
  assert.equal(status, 1);
  const [, shown] =
    /\$ kubectl apply -f key\.yaml\n([\s\S]*?)```/.exec(read("docs/server/kubernetes.md")) ?? [];
  assert.equal(output, shown);
});

test("a dry run of kubectl on the server shows the result", async () => {
  writeFileSync(join(folder, "good.yaml"), JSON.stringify(ackKey({ policy: goodPolicy }, retained)));
  assert.deepEqual(await kubectl("apply", "--dry-run=server", "-f", "good.yaml"), {
    status: 0,
    output: "key.kms.services.k8s.aws/orders created (server dry run)\n",
  });
  const { status, output } = await kubectl("apply", "--dry-run=server", "-f", "key.yaml");
  assert.equal(status, 1);
  assert.match(output, /^Error from server \(Forbidden\): .*public_access$/m);
});
