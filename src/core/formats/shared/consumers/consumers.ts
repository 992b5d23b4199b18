import table from "./consumers.json" with { type: "json" };
import { snake } from "./snake.ts";

/** An argument that names a key. */
export interface KeyArgument {
  /** Names as the format writes them, from the resource's properties or attributes inwards; `*` is every item of a list. */
  path: string[];
  /** It encrypts the data that the resource stores. */
  main?: true;
  /** It takes keys that are not symmetric. */
  asymmetric?: true;
  /** The key is one of the Region of something else: of a copy, or of the bucket that is written to. */
  otherRegion?: true;
}

/** A type of resource that can encrypt with a key. */
export interface ConsumerType {
  arguments: KeyArgument[];
  /** It stores data, so that something encrypts them where its main argument is not written. */
  store?: true;
  /** Where one of these arguments is written and not null, the data are encrypted as those that they come from. */
  inherits?: string[][];
  /** The resource configures another: its key is the main one of a resource of type `to`, which `by` names. */
  attaches?: { to: string; by: string[] };
  /** Where its tags stand, if not among the properties. */
  tags?: string[];
}

const types = new Map<string, ConsumerType>(
  Object.entries(table as unknown as { [type: string]: Compact }).map(([type, { keys, ...rest }]) => [
    type,
    { arguments: keys, ...rest },
  ]),
);

interface Compact extends Omit<ConsumerType, "arguments"> {
  keys: KeyArgument[];
}

/** What is known of a type of CloudFormation or Terraform; undefined where it takes no key. */
export const consumerTypeOf = (type: string): ConsumerType | undefined =>
  types.get(type) ?? (type.startsWith("awscc_") ? cloudControl().get(type) : undefined);

/** Names under which the types of CloudFormation have their tags. */
export const tagProperties = ["Tags", "FileSystemTags", "BackupVaultTags", "UserPoolTags", "HostedZoneTags"];

let ofCloudControl: Map<string, ConsumerType> | undefined;

/** Terraform's provider awscc has the types of CloudFormation, with names in snake case: `awscc_rds_db_instance`. */
function cloudControl(): Map<string, ConsumerType> {
  ofCloudControl ??= new Map(
    [...types].flatMap(([type, known]): [string, ConsumerType][] => {
      const [, service, resource] = /^AWS::(\w+)::(\w+)$/.exec(type) ?? [];
      if (service === undefined || resource === undefined) return [];
      return [[`awscc_${service.toLowerCase()}_${snake(resource)}`, inSnakeCase(known)]];
    }),
  );
  return ofCloudControl;
}

const inSnakeCase = ({ arguments: keys, inherits, ...rest }: ConsumerType): ConsumerType => ({
  ...rest,
  arguments: keys.map((key) => ({ ...key, path: key.path.map(snake) })),
  ...(inherits === undefined ? {} : { inherits: inherits.map((path) => path.map(snake)) }),
});

/** The types of CloudFormation and Terraform that take keys. */
export const consumerTypes = (): string[] => [...types.keys(), ...cloudControl().keys()];
