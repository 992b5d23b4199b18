import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../src/core/formats/shared/consumers/service-access.json" with { type: "json" };
import type { Part } from "../src/core/model/format.ts";
import { readText } from "./cloudformation-support.ts";
import { readPlan, refs } from "./terraform-plan-support.ts";

/** Returns the services that need access to the key, each with the queue or topic between. */
const required = ({ consumers }: Part): string[] =>
  consumers.flatMap(({ uses }) =>
    uses.flatMap(({ requires, through }) =>
      requires === undefined ? [] : `${requires.service} ${through ?? "directly"}`,
    ),
  );

const queue = { "Fn::GetAtt": ["Queue", "Arn"] };
const topic = { Ref: "Topic" };
const key = { Ref: "Key" };

const templates: [type: string, properties: object, required: string[]][] = [
  ["AWS::Logs::LogGroup", { KmsKeyId: key }, ["logs.REGION.amazonaws.com directly"]],
  ["AWS::Logs::LogGroup", { KmsKeyId: "" }, []],
  ["AWS::CloudTrail::Trail", { KMSKeyId: key }, ["cloudtrail.amazonaws.com directly"]],
  ["AWS::DynamoDB::Table", { SSESpecification: { KMSMasterKeyId: key } }, []],
  ["AWS::SNS::Subscription", { Protocol: "sqs", Endpoint: queue }, ["sns.amazonaws.com Queue"]],
  ["AWS::SNS::Subscription", { Protocol: "sqs", Endpoint: { "Fn::GetAtt": ["OpenQueue", "Arn"] } }, []],
  ["AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" }, []],
  ["AWS::SNS::Topic", { Subscription: [{ Protocol: "sqs", Endpoint: queue }] }, ["sns.amazonaws.com Queue"]],
  [
    "AWS::S3::Bucket",
    {
      NotificationConfiguration: {
        QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: queue }],
        TopicConfigurations: [{ Event: "s3:ObjectRemoved:*", Topic: topic }],
      },
    },
    ["s3.amazonaws.com Queue", "s3.amazonaws.com Topic"],
  ],
  ["AWS::Events::Rule", { Targets: [{ Id: "a", Arn: queue }] }, ["events.amazonaws.com Queue"]],
  [
    "AWS::Events::Rule",
    { Targets: [{ Id: "a", Arn: queue, RoleArn: "arn:aws:iam::111122223333:role/r" }] },
    [],
  ],
  ["AWS::CloudWatch::Alarm", { AlarmActions: [topic] }, ["cloudwatch.amazonaws.com Topic"]],
  ["AWS::CloudWatch::CompositeAlarm", { OKActions: [topic] }, ["cloudwatch.amazonaws.com Topic"]],
];

for (const [type, properties, expected] of templates)
  test(`${type} ${JSON.stringify(properties)}`, () => {
    const template = {
      Resources: {
        Key: { Type: "AWS::KMS::Key" },
        Queue: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: key } },
        OpenQueue: { Type: "AWS::SQS::Queue" },
        Topic: { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: key } },
        Resource: { Type: type, Properties: properties },
      },
    };
    assert.deepEqual(required(readText(JSON.stringify(template))), expected);
  });

const toQueue = refs("aws_sqs_queue.main.arn", "aws_sqs_queue.main");
const toTopic = refs("aws_sns_topic.main.arn", "aws_sns_topic.main");
const toKey = refs("aws_kms_key.main.arn", "aws_kms_key.main");

const plans: [type: string, config: object, unknown: object, required: string[]][] = [
  [
    "aws_cloudwatch_log_group",
    { kms_key_id: toKey },
    { kms_key_id: true },
    ["logs.REGION.amazonaws.com directly"],
  ],
  ["aws_cloudtrail", { kms_key_id: toKey }, { kms_key_id: true }, ["cloudtrail.amazonaws.com directly"]],
  [
    "aws_sns_topic_subscription",
    { endpoint: toQueue },
    { endpoint: true },
    ["sns.amazonaws.com aws_sqs_queue.main"],
  ],
  [
    "aws_cloudwatch_event_target",
    { arn: toQueue },
    { arn: true },
    ["events.amazonaws.com aws_sqs_queue.main"],
  ],
  ["aws_cloudwatch_event_target", { arn: toQueue, role_arn: refs("var.role") }, { arn: true }, []],
  [
    "aws_cloudwatch_metric_alarm",
    { alarm_actions: toTopic },
    { alarm_actions: true },
    ["cloudwatch.amazonaws.com aws_sns_topic.main"],
  ],
  [
    "aws_cloudwatch_metric_alarm",
    { alarm_actions: refs("aws_sns_topic.open.arn") },
    { alarm_actions: true },
    [],
  ],
  ["aws_cloudwatch_metric_alarm", { alarm_actions: refs("var.topics") }, { alarm_actions: true }, []],
];

for (const [type, config, unknown, expected] of plans)
  test(`${type} ${JSON.stringify(config)}`, () => {
    const target = { after: {}, unknown: ["kms_master_key_id", "arn"], config: { kms_master_key_id: toKey } };
    const part = readPlan({
      resources: [
        { address: "aws_kms_key.main", after: {}, unknown: ["arn", "key_id"] },
        { ...target, address: "aws_sqs_queue.main" },
        { ...target, address: "aws_sns_topic.main" },
        { address: "aws_sns_topic.open", after: { kms_master_key_id: null } },
        {
          address: `${type}.main`,
          after: {},
          unknown: unknown as { [name: string]: unknown },
          config: { ...config },
        },
      ],
    });
    assert.deepEqual(required(part), expected);
  });

test("each service has a page of the AWS documentation", () => {
  for (const { service, page, actions } of table.services) {
    assert.match(page, /^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/, service);
    assert.ok(actions.length > 0, service);
  }
});
