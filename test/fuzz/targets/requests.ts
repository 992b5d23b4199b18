/** Requests that the protocols of the server understand. */
import { ackKey, crossplaneKey, goodPolicy, openPolicy } from "../../server/support.ts";
import { bytesOf } from "../harness/target.ts";

/** A request by its path, content type and body. */
export type Request = [path: string, type: string, body: string];

export const json = "application/json";

export function requests(): Request[] {
  const review = (object: object): string =>
    JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: {
        uid: "u-1",
        operation: "CREATE",
        kind: { group: "kms.services.k8s.aws", version: "v1alpha1", kind: "Key" },
        namespace: "team-a",
        name: "orders",
        object,
        oldObject: null,
      },
    });
  const external = (keys: unknown): string =>
    JSON.stringify({
      apiVersion: "externaldata.gatekeeper.sh/v1beta1",
      kind: "ProviderRequest",
      request: { keys },
    });
  const form = `--X\r\nContent-Disposition: form-data; name="f"; filename="policy.json"\r\n\r\n${openPolicy}\r\n--X\r\nContent-Disposition: form-data; name="g"; filename="main.tf"\r\n\r\nresource "aws_kms_key" "k" {}\r\n--X--\r\n`;
  return [
    ["/kubernetes/admission?timeout=10s", json, review(ackKey({ policy: openPolicy }))],
    ["/kubernetes/admission", json, review(crossplaneKey({ policy: goodPolicy }))],
    ["/gatekeeper/external-data", json, external([JSON.stringify(ackKey({ policy: openPolicy }))])],
    ["/v1/data/keywarden/allow", json, `{"input": ${openPolicy}}`],
    [
      "/v1/data/keywarden?pretty&metrics",
      json,
      JSON.stringify({ input: { path: "a.json", text: openPolicy } }),
    ],
    ["/v0/data/keywarden/deny", json, openPolicy],
    ["/", json, goodPolicy],
    ["/check?path=policy.json&format=sarif", json, openPolicy],
    ["/check", "multipart/form-data; boundary=X", form],
    [
      "/check?account=111122223333",
      "application/yaml",
      `files:\n  - path: a.json\n    text: '${openPolicy}'\n`,
    ],
  ];
}

export function httpRequest([path, type, body]: Request): Uint8Array {
  const bytes = bytesOf(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([bytesOf(head), bytes]);
}
