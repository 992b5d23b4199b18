import type { Protocol } from "../protocol.ts";
import { admissionProtocol } from "./admission.ts";
import { checkProtocol } from "./check/index.ts";
import { externalDataProtocol } from "./external-data.ts";
import { opaProtocol } from "./opa/index.ts";
import { runTaskProtocol } from "./run-task/index.ts";

/** All protocols of the server. The first one that matches a request handles it. */
export const protocols: readonly Protocol[] = [
  admissionProtocol,
  checkProtocol,
  opaProtocol,
  externalDataProtocol,
  runTaskProtocol,
];

export function protocolNamed(name: string): Protocol {
  const protocol = protocols.find((candidate) => candidate.name === name);
  if (protocol === undefined) throw new Error(`unknown protocol: ${name}`);
  return protocol;
}
