import table from "./consumers.json" with { type: "json" };

/** An argument that names a key. */
export interface KeyArgument {
  /** Names as the format writes them, from the resource's properties or attributes inwards; `*` is every item of a list. */
  path: string[];
  /** It encrypts the data that the resource stores. */
  main?: true;
  /** It takes keys that are not symmetric. */
  asymmetric?: true;
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
export const consumerTypeOf = (type: string): ConsumerType | undefined => types.get(type);
