import type { ServiceAccess } from "../../../model/document.ts";
import table from "./service-access.json" with { type: "json" };

/** A service that uses keys as itself, not with the permissions of its caller. */
interface ServiceEntry extends ServiceAccess {
  /** The arguments whose key the service uses, by resource type. */
  encrypts?: { [type: string]: string[] };
  /** The paths of the arguments with queues and topics that the service sends messages to, by resource type. */
  sends?: { [type: string]: string[][] };
  /** The argument beside them with a role. If it is set, the service uses the permissions of the role. */
  role?: { [type: string]: string };
}

const services: ServiceEntry[] = table.services;
const targets: { [type: string]: string } = table.targets;

const accessOf = ({ service, actions, page }: ServiceEntry): ServiceAccess => ({ service, actions, page });

/** Returns the access that a service needs to the key in an argument of a resource; undefined if it needs none. */
export function accessToKeyIn(type: string, argument: string): ServiceAccess | undefined {
  const entry = services.find(({ encrypts }) => encrypts?.[type]?.includes(argument));
  return entry && accessOf(entry);
}

/** An argument with a queue or a topic that a service sends messages to. */
export interface Delivery {
  path: string[];
  /** The name of the argument beside it that specifies a role. */
  role?: string;
  access: ServiceAccess;
}

/** Returns the arguments of a resource type with queues and topics. */
export const deliveriesOf = (type: string): Delivery[] =>
  services.flatMap((entry) =>
    (entry.sends?.[type] ?? []).map((path) => {
      const role = entry.role?.[type];
      return { path, ...(role === undefined ? {} : { role }), access: accessOf(entry) };
    }),
  );

/** Returns the argument with the key of a queue or topic; undefined for other resource types. */
export const keyArgumentOfTarget = (type: string): string | undefined =>
  Object.hasOwn(targets, type) ? targets[type] : undefined;

/** Returns the resource types that make a service send messages to queues and topics. */
export const senderTypes = (): string[] => services.flatMap(({ sends }) => Object.keys(sends ?? {}));
