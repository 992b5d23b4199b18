const { App, Stack, Validations, aws_iam: iam, aws_kms: kms } = require("aws-cdk-lib");
const { KeywardenPlugin } = require("keywarden/cdk");

const partner = "444455556666";

class Orders extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const key = new kms.Key(this, "Key", { alias: "alias/orders" });
    key.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ArnPrincipal(`arn:aws:iam::${partner}:role/reports`)],
        actions: ["kms:Decrypt", "kms:DescribeKey"],
        resources: ["*"],
      }),
    );
    // The report of the CDK lists the acknowledged finding with this reason.
    Validations.of(key).acknowledge({
      id: "keywarden::rotation_disabled",
      reason: "The key lives for a month",
    });
  }
}

const app = new App({ outdir: "cdk.out" });
new Orders(app, "Orders", { env: { account: "111122223333", region: "eu-west-1" } });

const trust = { accounts: [partner] };
Validations.of(app).addPlugins(new KeywardenPlugin({ failOn: "warning", settings: { trust } }));
app.synth();
