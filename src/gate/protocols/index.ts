import type { Protocol } from "../protocol.ts";
import { admission } from "./admission.ts";
import { check } from "./check/index.ts";
import { externalData } from "./external-data.ts";
import { opa } from "./opa/index.ts";
import { runTaskProtocol } from "./run-task.ts";

/** All that the server speaks, in the order in which they are asked whether a request is theirs. */
export const protocols: readonly Protocol[] = [admission, check, opa, externalData, runTaskProtocol];

export function protocolNamed(name: string): Protocol {
  const protocol = protocols.find((one) => one.name === name);
  if (protocol === undefined) throw new Error(`no protocol is called ${name}`);
  return protocol;
}
