import type { Hole, HoleType, Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { conditionHolds } from "./conditions.ts";
import { parameterNode } from "./parameters.ts";
import { pseudoNode } from "./pseudo.ts";
import { describe, misused, type Resource, type Run, unknown, valueOf } from "./run.ts";
import { isMap, join } from "./template.ts";
import { boundName, boundText, partsOf, textOfParts } from "./text.ts";

const AT_DEPLOYMENT = "known only after deployment";

/** What `Ref` gives, by type; `arn` resources have an ARN of their own type. */
const refTypes: { [type: string]: HoleType } = {
  "AWS::KMS::Key": "key-id",
  "AWS::KMS::ReplicaKey": "key-id",
  "AWS::KMS::Alias": "alias-name",
  "AWS::Organizations::Account": "account-id",
};
const refIsArn = new Set([
  "AWS::ACMPCA::CertificateAuthority",
  "AWS::CertificateManager::Certificate",
  "AWS::CloudFormation::Stack",
  "AWS::ECS::Service",
  "AWS::ElasticLoadBalancingV2::LoadBalancer",
  "AWS::ElasticLoadBalancingV2::TargetGroup",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::OIDCProvider",
  "AWS::IAM::SAMLProvider",
  "AWS::SecretsManager::Secret",
  "AWS::SNS::Topic",
  "AWS::StepFunctions::StateMachine",
  "AWS::Serverless::StateMachine",
]);
const refIsName =
  /^AWS::(IAM|S3|Logs|DynamoDB|Lambda|Serverless|SQS|CodeBuild|CodePipeline|EC2|RDS|Events|ECR|Cognito|CloudFront|CloudTrail|Kinesis|KinesisFirehose|Organizations)::/;

const arnTypes: { [type: string]: HoleType } = {
  "AWS::IAM::Role": "role-arn",
  "AWS::IAM::User": "user-arn",
  "AWS::KMS::Key": "key-arn",
  "AWS::KMS::ReplicaKey": "key-arn",
  "AWS::KMS::Alias": "alias-arn",
};

interface Kind {
  type?: HoleType | undefined;
  self?: boolean;
}

function refKind({ type }: Resource): Kind {
  if (refIsArn.has(type)) return { type: "arn", self: true };
  return { type: refTypes[type] ?? (refIsName.test(type) ? "name" : undefined) };
}

function attributeKind({ type }: Resource, attribute: string): Kind {
  if (!type.startsWith("AWS::")) return {};
  if (attribute === "Arn") return { type: arnTypes[type] ?? "arn", self: true };
  if (attribute === "KeyId" && arnTypes[type] === "key-arn") return { type: "key-id" };
  if (attribute === "AccountId" && type === "AWS::Organizations::Account") return { type: "account-id" };
  return {};
}

/** Ref of a loop variable, pseudo parameter, parameter or resource. */
export function refFunction(run: Run, args: Json, pointer: string): Node | undefined {
  if (typeof args !== "string")
    return misused(run, pointer, { Ref: args }, "the name of a parameter or resource");
  const at = pointer.replace(/\/Ref$/, "");
  const binding = run.bindings.get(args);
  if (binding) return { ...binding, at: { parsed: run.template.parsed, pointer: at } };
  const name = boundName(run, args);
  if (run.template.parameters.has(name)) return parameterNode(run, name, at);
  const pseudo = pseudoNode(run, name, at);
  if (pseudo !== null) return pseudo;
  const resource = run.resources.get(name);
  if (!resource) return outOfSight(run, name, pointer);
  checkCreated(run, resource);
  return (
    aliasName(run, resource) ??
    unknown(run, at, AT_DEPLOYMENT, name, { ...refKind(resource), resource: name })
  );
}

/** Fn::GetAtt of a resource's attribute. */
export function getAttFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const [first, ...rest] = typeof args === "string" ? splitOnce(args) : Array.isArray(args) ? args : [];
  const text = (raw: Json | undefined, i: number) => {
    if (raw === undefined) return undefined;
    const node = valueOf(run, raw, join(pointer, i));
    return node?.type === "scalar" ? String(node.value) : node ? describe(raw) : undefined;
  };
  const name = typeof first === "string" ? boundName(run, first) : text(first, 0);
  const attribute = rest.map((part, i) => text(part, i + 1)).join(".");
  if (name === undefined || attribute === "")
    return misused(run, pointer, { "Fn::GetAtt": args }, "a resource and one of its attributes");
  const at = pointer.replace(/\/Fn::GetAtt$/, "");
  const expression = `${name}.${attribute}`;
  const resource = run.resources.get(name);
  if (resource) {
    checkCreated(run, resource);
    const kind = attributeKind(resource, attribute);
    return unknown(run, at, AT_DEPLOYMENT, expression, { ...kind, resource: name });
  }
  // SAM makes a role for every function that has none.
  const base = run.resources.get(name.replace(/Role$/, ""));
  if (run.template.serverless && name.endsWith("Role") && base?.type === "AWS::Serverless::Function")
    return unknown(
      run,
      at,
      AT_DEPLOYMENT,
      expression,
      attribute === "Arn" ? { type: "role-arn", self: true } : {},
    );
  return outOfSight(run, expression, pointer);
}

function splitOnce(text: string): string[] {
  const dot = text.indexOf(".");
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** Parts of a template that another step joins are read by themselves, so a name may stand elsewhere. */
const outOfSight = (run: Run, expression: string, pointer: string): Node =>
  unknown(run, pointer, "not in this template", expression);

/** A key that is not created cannot be referred to: such an assignment is not deployable. */
function checkCreated(run: Run, { type, raw, pointer, bindings }: Resource): void {
  if (!type.startsWith("AWS::KMS::") || typeof raw.Condition !== "string") return;
  if (!conditionHolds({ ...run, bindings }, raw.Condition, join(pointer, "Condition")))
    run.state.impossible = true;
}

/** Ref of an alias is its name; names that are made of other aliases' names are not followed. */
function aliasName(run: Run, { id, type, raw, pointer, bindings }: Resource): Node | undefined {
  const name = isMap(raw.Properties) ? raw.Properties.AliasName : undefined;
  const { following } = run.state;
  if (type !== "AWS::KMS::Alias" || name === undefined || following.size > 0) return undefined;
  following.add(id);
  const node = valueOf({ ...run, bindings }, name, `${pointer}/Properties/AliasName`);
  following.delete(id);
  return node?.type === "scalar" || node?.type === "text" ? node : undefined;
}

/** Fn::Sub, with or without names of its own. */
export function subFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const pair = Array.isArray(args) && args.length === 2;
  const text = pair ? args[0] : args;
  const names = pair ? args[1] : {};
  if (typeof text !== "string" || !isMap(names))
    return misused(run, pointer, { "Fn::Sub": args }, "a text, or a list of a text and a map of names");
  const at = pointer.replace(/\/Fn::Sub$/, "");
  const own = `${pointer}/1`;
  const parts = boundText(run, text)
    .split(/(\$\{[^{}]*\})/)
    .flatMap((piece): (string | Hole)[] => {
      const name = /^\$\{([^{}]*)\}$/.exec(piece)?.[1]?.trim();
      if (name === undefined) return [boundName(run, piece)];
      if (name.startsWith("!")) return [`\${${name.slice(1)}}`];
      if (Object.hasOwn(names, name))
        return partsOf(valueOf(run, names[name] as Json, join(own, name)), name);
      const reference = name.includes(".") ? getAttFunction : refFunction;
      return partsOf(reference(run, name, at), name);
    });
  return textOfParts(run, parts, at);
}
