/**
 * Generates the JSON Schema of the Helm chart's values (deploy/helm/keywarden/values.schema.json), with which Helm rejects
 * misspelled values. The keys of the config file and the flags of `keywarden serve` come from the schema of config files.
 * Run by scripts/bundle.ts.
 */

import { type Flag, flags } from "../src/session/flags/flags.ts";

type Schema = { [keyword: string]: unknown };

/** The chart sets these flags itself. */
const OWN_FLAGS = ["listen", "tls-cert", "tls-key"];

/** Its path is a directory in which the server writes, so it does not come from a Secret or a ConfigMap. */
const STATE_FLAG = "state-dir";

const serverFlags = Object.entries(flags).filter(([, { group }]) => group === "server");
const setFlags = serverFlags.filter(([name]) => !OWN_FLAGS.includes(name));
const isFile = ([name, flag]: [string, object]): boolean => "path" in flag && name !== STATE_FLAG;
const fileFlags = setFlags.filter(isFile).map(([name]) => name);
const otherFlags = setFlags.filter((flag) => !isFile(flag)).map(([name]) => name);

export function valuesSchema(configSchema: Schema): Schema {
  const { $schema, definitions } = configSchema;
  const properties = configSchema["properties"] as { [name: string]: Schema };
  const serverNames = new Set(serverFlags.map(([name]) => name));
  const config = Object.entries(properties).filter(([name]) => !serverNames.has(name));
  const server = otherFlags.map((name) => [name, flagSchema(properties[name] ?? {}, flagOf(name))]);
  const files = fileFlags.map((name) => [name, { ...file, description: properties[name]?.["description"] }]);
  return {
    $schema,
    title: "Values of the Keywarden chart",
    ...closed({
      ...chartValues,
      config: { ...closed(Object.fromEntries(config)), description: "The config file of Keywarden" },
      server: { ...closed(Object.fromEntries(server)), description: "Options of keywarden serve" },
      files: {
        ...closed(Object.fromEntries(files)),
        description: "Options of keywarden serve whose values are files",
      },
    }),
    definitions,
  };
}

const closed = (properties: Schema): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
});
const string = { type: "string" };
const boolean = { type: "boolean" };
const object = { type: "object" };
const list = { type: "array", items: object };
const strings = { type: "object", additionalProperties: string };
const count = { type: "integer", minimum: 1 };
const monitoringObject = { enabled: boolean, labels: strings };

/** A file in a Secret or in a ConfigMap. */
const file = {
  ...closed({ secret: string, configMap: string, key: { type: "string", pattern: "^[-._a-zA-Z0-9]+$" } }),
  required: ["key"],
  oneOf: [{ required: ["secret"] }, { required: ["configMap"] }],
};

/** Null removes a default. YAML may have a number for a number, and a unit is required for anything else. */
function flagSchema({ type, ...schema }: Schema, { choices, value }: Flag): Schema {
  if (choices !== undefined) return { ...schema, enum: [...choices, null] };
  const pattern = UNITS[value ?? ""];
  if (pattern !== undefined) return { ...schema, type: ["string", "null"], pattern };
  return { ...schema, type: [type, ...(value === "N" ? ["integer"] : []), "null"].flat() };
}

/** Patterns of values with a unit, as src/session/server-options.ts reads them. */
const UNITS: { [value: string]: string } = {
  DURATION: "^[0-9]{1,9}(ms|s|m)$",
  SIZE: "^[0-9]{1,9}(B|KB|MB|KiB|MiB)$",
};

const flagOf = (name: string): Flag => (flags as { [name: string]: Flag })[name] as Flag;

/** The values of the chart that are not those of Keywarden. Parent charts set `global`. */
const chartValues: Schema = {
  global: object,
  image: closed({
    repository: string,
    tag: string,
    digest: { type: "string", pattern: "^(sha256:[0-9a-f]{64})?$" },
    pullPolicy: { enum: ["Always", "IfNotPresent", "Never"] },
  }),
  imagePullSecrets: list,
  fullnameOverride: string,
  env: list,
  volumes: list,
  volumeMounts: list,
  tls: closed({
    certManager: boolean,
    issuerRef: closed({ name: string, kind: string, group: string }),
    secretName: string,
    caBundle: { type: "string", pattern: "^(|-----BEGIN CERTIFICATE-----[\\s\\S]*)$" },
  }),
  webhook: closed({
    enabled: boolean,
    failurePolicy: { enum: ["Fail", "Ignore"] },
    timeoutSeconds: { type: "integer", minimum: 1, maximum: 30 },
    operations: { type: "array", minItems: 1, items: { enum: ["CREATE", "UPDATE", "DELETE"] } },
  }),
  service: closed({
    type: { enum: ["ClusterIP", "LoadBalancer", "NodePort"] },
    port: { type: "integer", minimum: 1, maximum: 65535 },
    annotations: strings,
  }),
  replicas: count,
  autoscaling: closed({
    enabled: boolean,
    minReplicas: count,
    maxReplicas: count,
    averageUtilization: count,
  }),
  podDisruptionBudget: closed({ enabled: boolean, maxUnavailable: { type: ["integer", "string"] } }),
  networkPolicy: closed({ enabled: boolean, from: list, to: list }),
  resources: closed({ requests: object, limits: object, claims: list }),
  podAnnotations: strings,
  podLabels: strings,
  nodeSelector: strings,
  tolerations: list,
  affinity: object,
  priorityClassName: string,
  monitoring: closed({
    serviceMonitor: closed({
      ...monitoringObject,
      interval: { type: "string", pattern: "^\\d+(ms|s|m)$" },
      token: closed({ name: string, key: string }),
    }),
    prometheusRule: closed(monitoringObject),
    dashboard: closed(monitoringObject),
  }),
};
