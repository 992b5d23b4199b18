import { own } from "../../model/json.ts";
import type { UnknownPartType } from "../../model/node.ts";

/** The kind of value of a reference. `self`: it belongs to the owner account. */
export interface ReferenceKind {
  type?: UnknownPartType;
  self?: boolean;
}

/** Type of the value that `Ref` returns, by resource type. */
const refTypes: { [type: string]: UnknownPartType } = {
  "AWS::KMS::Key": "key-id",
  "AWS::KMS::ReplicaKey": "key-id",
  "AWS::KMS::Alias": "alias-name",
  "AWS::Organizations::Account": "account-id",
  // Accounts in templates of org-formation.
  "OC::ORG::Account": "account-id",
  "OC::ORG::MasterAccount": "account-id",
};

const refIsArn = new Set([
  "AWS::ACMPCA::CertificateAuthority",
  "AWS::CertificateManager::Certificate",
  "AWS::CloudFormation::Stack",
  "AWS::ECS::Service",
  "AWS::ECS::TaskDefinition",
  "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "AWS::ElasticLoadBalancingV2::TargetGroup",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::OIDCProvider",
  "AWS::IAM::SAMLProvider",
  "AWS::Lambda::Alias",
  "AWS::Lambda::LayerVersion",
  "AWS::Lambda::Version",
  "AWS::SecretsManager::Secret",
  "AWS::SNS::Topic",
  "AWS::StepFunctions::StateMachine",
  "AWS::Serverless::StateMachine",
]);

const services =
  "IAM|S3|Logs|DynamoDB|Lambda|Serverless|SQS|CodeBuild|CodePipeline|EC2|RDS|Events|ECR|Cognito|CloudFront|CloudTrail|Kinesis|KinesisFirehose|Organizations";

/** The services whose `Ref`, names and IDs are plain words. */
const hasPlainNames = new RegExp(`^AWS::(${services})::`);

const arnTypes: { [type: string]: UnknownPartType } = {
  "AWS::IAM::Role": "role-arn",
  "AWS::IAM::User": "user-arn",
  "AWS::KMS::Key": "key-arn",
  "AWS::KMS::ReplicaKey": "key-arn",
  "AWS::KMS::Alias": "alias-arn",
};

/** Resource types whose attributes the template or its parts define: they can be ARNs of keys, or `*`. */
const isOpen = /^AWS::(CloudFormation|ServiceCatalog)::|^AWS::Serverless::Application$|^AWS::SSM::Parameter$/;

/** Returns the kind of the value of `Ref`. */
export function refKind(type: string): ReferenceKind {
  if (refIsArn.has(type)) return { type: "arn", self: true };
  const known = own(refTypes, type) ?? (hasPlainNames.test(type) ? "name" : undefined);
  return known === undefined ? {} : { type: known };
}

/** Returns the kind of the value of `Fn::GetAtt`. */
export function getAttKind(type: string, attribute: string): ReferenceKind {
  if (!type.startsWith("AWS::") || isOpen.test(type)) return {};
  if (attribute === "Arn") return { type: own(arnTypes, type) ?? "arn", self: true };
  if (type.startsWith("AWS::KMS::"))
    return attribute === "KeyId" && own(arnTypes, type) === "key-arn" ? { type: "key-id" } : {};
  if (/(Account|Owner)Id$/.test(attribute)) return { type: "account-id" };
  if (/^[A-Z][A-Za-z]*Arn$/.test(attribute) && !/Key|Kms|KMS/.test(attribute))
    return { type: attribute.endsWith("RoleArn") ? "role-arn" : "arn" };
  if (/^([A-Z][A-Za-z]*)?(Id|Name)$/.test(attribute) && hasPlainNames.test(type)) return { type: "name" };
  return {};
}
