import table from "./consumers.json" with { type: "json" };
import { senderTypes } from "./service-access.ts";
import { snakeCase } from "./snake-case.ts";

/** An argument that specifies a key. */
export interface KeyArgument {
  /** Names as in the format, starting at the properties or arguments of the resource. `*` is every item of a list. */
  path: string[];
  /** The key encrypts the data that the resource stores. */
  main?: true;
  /** The service accepts asymmetric keys here. */
  asymmetric?: true;
  /** The key may be in another Region: that of a copy, or of the destination bucket. */
  otherRegion?: true;
  /** The Region that a global service requires of the key, wherever the stack is. */
  keyRegion?: string;
}

/** A resource type that can encrypt with a key. */
export interface ConsumerType {
  arguments: KeyArgument[];
  /** The resource stores data, so it uses default encryption if its main argument is not set. */
  store?: true;
  /** If one of these arguments is set and not null, the data has the encryption of its source. */
  inherits?: string[][];
  /** The resource configures another one: its key is the main key of the resource of type `to` that `by` refers to. */
  attaches?: { to: string; by: string[] };
  /** The path of its tags, if they are not among the properties. */
  tags?: string[];
}

const types = new Map<string, ConsumerType>([
  ...senderTypes().map((type): [string, ConsumerType] => [type, { arguments: [] }]),
  ...Object.entries(table as unknown as { [type: string]: ConsumerTableEntry }).map(
    ([type, { keys, ...rest }]): [string, ConsumerType] => [type, { arguments: keys, ...rest }],
  ),
]);

interface ConsumerTableEntry extends Omit<ConsumerType, "arguments"> {
  keys: KeyArgument[];
}

/** Returns the entry of a CloudFormation or Terraform resource type, or undefined if the type accepts no key. */
export const consumerTypeOf = (type: string): ConsumerType | undefined =>
  types.get(type) ?? (type.startsWith("awscc_") ? cloudControlTypeMap().get(type) : undefined);

/** Properties that CloudFormation resource types use for tags. */
export const tagProperties = ["Tags", "FileSystemTags", "BackupVaultTags", "UserPoolTags", "HostedZoneTags"];

let cloudControlTypes: Map<string, ConsumerType> | undefined;

/** The Terraform provider awscc has CloudFormation's resource types in snake case: `awscc_rds_db_instance`. */
function cloudControlTypeMap(): Map<string, ConsumerType> {
  cloudControlTypes ??= new Map(
    [...types].flatMap(([type, known]): [string, ConsumerType][] => {
      const [, service, resource] = /^AWS::(\w+)::(\w+)$/.exec(type) ?? [];
      if (service === undefined || resource === undefined) return [];
      return [[`awscc_${service.toLowerCase()}_${snakeCase(resource)}`, inSnakeCase(known)]];
    }),
  );
  return cloudControlTypes;
}

const inSnakeCase = ({ arguments: keys, inherits, ...rest }: ConsumerType): ConsumerType => ({
  ...rest,
  arguments: keys.map((key) => ({ ...key, path: key.path.map(snakeCase) })),
  ...(inherits === undefined ? {} : { inherits: inherits.map((path) => path.map(snakeCase)) }),
});

/** Returns the CloudFormation and Terraform resource types that accept keys. */
export const consumerTypes = (): string[] => [...types.keys(), ...cloudControlTypeMap().keys()];
