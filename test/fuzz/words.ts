/** Words with a meaning to Keywarden, by format. */

const list = (text: string): string[] => text.trim().split(/\s+/);

const policy = [
  ...list(`
  Version 2012-10-17 2008-10-17 Id Statement Sid Effect Allow Deny Principal NotPrincipal Action NotAction
  Resource NotResource Condition AWS Service Federated * kms:* kms:Decrypt kms:CreateGrant KMS:decrypt
  arn:aws:iam::111122223333:root 111122223333 arn:aws:kms:eu-west-1:111122223333:key/mrk-1
  s3.amazonaws.com CanonicalUser StringEquals StringLike ForAllValues:StringLike
  ForAnyValue:StringEqualsIfExists Null Bool ArnLike IpAddress NumericLessThan DateGreaterThan
  BinaryEquals StringNotEqualsIgnoreCase kms:CallerAccount kms:ViaService aws:PrincipalOrgID aws:SourceIp
  aws:PrincipalTag/\${a} \${aws:PrincipalAccount} \${*} 0.0.0.0/0 ::/0 o-* ???????????? {{account}}
  \${ACCOUNT} <account-id> __ACCOUNT__
`),
  ...["${aws:username, 'x'}", "keywarden:ignore public_access because x"],
];

const cloudformation = [
  ...policy,
  ...list(`
  AWSTemplateFormatVersion Parameters Mappings Conditions Rules Transform Resources Metadata Outputs
  Globals Hooks Type Properties DependsOn DeletionPolicy Default AllowedValues NoEcho CommaDelimitedList
  AWS::SSM::Parameter::Value<String> AWS::NoValue AWS::KMS::Key AWS::KMS::Alias AWS::KMS::ReplicaKey
  AWS::CloudFormation::Stack AWS::S3::Bucket AWS::CloudFormation::StackSet AWS::IAM::Policy AWS::Include
  AWS::LanguageExtensions KeyPolicy EnableKeyRotation PendingWindowInDays KeySpec KeyUsage MultiRegion
  TargetKeyId AliasName Ref Fn::GetAtt Fn::Sub Fn::Join Fn::If Fn::Select Fn::Split Fn::FindInMap
  Fn::ImportValue Fn::Base64 Fn::Cidr Fn::Length Fn::ToJsonString Fn::ForEach::Loop Fn::Equals Fn::And
  Fn::Or Fn::Not Fn::Transform AWS::AccountId AWS::Region &{X} \${X} *a \${!Literal} ChangeSetId Changes
  ResourceChange Replacement AfterContext BeforeContext Conditional
`),
  ...["!Ref ", "!GetAtt ", "!Sub ", "!If [", "!Join [", "!!binary ", "!!set ", "<<: *a", "&a "],
];

const plan = [
  ...policy,
  ...list(`
  format_version terraform_version planned_values resource_changes prior_state configuration root_module
  child_modules module_calls resources address mode managed data type provider_name provider_config_key
  expressions references constant_value change actions create delete update no-op read forget before after
  after_unknown index before_sensitive after_sensitive replace_paths deferred_changes relevant_attributes
  deposed aws_kms_key aws_kms_key_policy aws_kms_alias aws_kms_grant aws_kms_replica_key policy
  aws_iam_policy_document aws_caller_identity importing generated_config [0]
`),
  ...['module.a[\\"b\\"].c'],
];

const kubernetes = [
  ...policy,
  ...list(`
  apiVersion kind metadata spec forProvider initProvider items List namespace name
  kms.services.k8s.aws/v1alpha1 kms.aws.upbound.io/v1beta1 kms.aws.m.upbound.io/v1beta1 Key Alias Grant
  annotations services.k8s.aws/owner-account-id services.k8s.aws/region deletionPolicy managementPolicies
  policy keyRef keyIdRef keyIdSelector matchLabels patchesStrategicMerge Kustomization Composition
  ResourceGraphDefinition
`),
  ...["{{ .Values.a }}", "{{- if .a }}", "{{- end }}", "---\n"],
];

const terraform = [
  ...policy,
  ...list(`
  resource data module variable locals output provider terraform moved import "aws_kms_key"
  "aws_iam_policy_document" dynamic content for_each count lifecycle default each.value each.key
  count.index path.module var.a local.a self terraform.workspace jsonencode( jsondecode( yamldecode(
  templatefile( file( fileset( merge( concat( range( flatten( setproduct( regex( replace( format(
  formatlist( try( can( one( sensitive( a... ... \${ $\${ %%{ [*] .* null -1 1e999
`),
  ...[
    "[for a in b : a]",
    "{ for a, b in c : a => b }",
    "? :",
    "=> ",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT\n",
    "%{ if true }",
    "%{ endif }",
    "%{ for a in b ~}",
  ],
];

export const words = { policy, cloudformation, plan, kubernetes, terraform };
