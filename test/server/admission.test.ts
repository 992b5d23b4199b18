import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Decider } from "../../src/gate/decision.ts";
import type { RequestFailure } from "../../src/gate/protocol.ts";
import { ADMISSION_PATH, admissionProtocol } from "../../src/gate/protocols/admission.ts";
import type { FailMode } from "../../src/session/server-options.ts";
import {
  ackKey,
  admissionReview,
  crossplaneKey,
  decideBy,
  everyone,
  goodPolicy,
  jsonOf,
  openPolicy,
  ownPolicy,
  REVIEW_UID,
  requestOf,
} from "./support.ts";

interface Response {
  uid: string;
  allowed: boolean;
  status?: { code: number; reason: string; message: string; details?: object };
  warnings?: string[];
  auditAnnotations: { [key: string]: string };
}

type Parts = { [field: string]: unknown };

function responseTo(body: unknown, decide: Decider = decideBy()): Response {
  const answer = admissionProtocol.handle(requestOf(ADMISSION_PATH, body), decide);
  const { response, kind } = jsonOf(answer) as { kind: string; response: Response };
  assert.equal(kind, "AdmissionReview");
  assert.deepEqual(answer.decision?.result, response);
  return response;
}

const created = (object: unknown, decide?: Decider) =>
  responseTo(admissionReview("CREATE", { object }), decide);
const updated = (oldObject: unknown, object: unknown, parts: Parts = {}, decide?: Decider) =>
  responseTo(admissionReview("UPDATE", { object, oldObject, ...parts }), decide);

test("only POST requests to its path match", () => {
  assert.equal(admissionProtocol.matches("POST", "/kubernetes/admission"), true);
  assert.equal(admissionProtocol.matches("GET", "/kubernetes/admission"), false);
  assert.equal(admissionProtocol.matches("POST", "/kubernetes/admission/"), false);
});

test("a compliant key is allowed, and the response is an AdmissionReview", () => {
  const request = requestOf(
    ADMISSION_PATH,
    admissionReview("CREATE", { object: ackKey({ policy: goodPolicy }) }),
  );
  const answer = admissionProtocol.handle(request, decideBy());
  const { apiVersion, response } = jsonOf(answer) as { apiVersion: string; response: Response };
  assert.equal(apiVersion, "admission.k8s.io/v1");
  assert.equal(response.uid, REVIEW_UID);
  assert.equal(response.allowed, true);
  assert.equal(response.status, undefined);
  assert.match(response.auditAnnotations.revision ?? "", /^[\da-f]{12}$/);
  assert.equal(response.auditAnnotations["decision-id"], request.id);
  assert.equal(answer.decision?.path, "kubernetes/admission");
  assert.equal(answer.decision?.outcome, "allowed");
  assert.equal((answer.decision?.input as { keys: object[] } | undefined)?.keys.length, 1);
});

test("a public key is denied, with the rule, the field, the statement and the fix", () => {
  const { allowed, status, auditAnnotations } = created(ackKey({ policy: openPolicy }));
  assert.equal(allowed, false);
  assert.equal(status?.code, 403);
  assert.equal(status?.reason, "Forbidden");
  assert.equal(
    status?.message,
    [
      "Key/team-a/orders violates a Keywarden rule: public_access",
      '- public_access at .spec.policy, statement "All": Statement "All" allows everyone (*) kms:Decrypt, and no' +
        " condition restricts access. Name the principals, or add a condition that restricts the statement to" +
        " accounts, an organization or ARNs. https://github.com/keywarden/keywarden/blob/main/docs/rules/public_access.md",
    ].join("\n"),
  );
  assert.equal(auditAnnotations.rules, "public_access");
  assert.equal(auditAnnotations.outcome, "denied");
});

test("the denial of a Crossplane key names the field of its custom resource", () => {
  const { status } = created(crossplaneKey({ policy: openPolicy }));
  assert.match(status?.message ?? "", / at \.spec\.forProvider\.policy, statement "All": /);
});

test("the fix of a rule appears only once per denial", () => {
  const policy = ownPolicy(everyone("One"), everyone("Two"));
  const [, first = "", second = "", ...rest] = created(ackKey({ policy })).status?.message.split("\n") ?? [];
  assert.match(first, /statement "One": .* Name the principals, .*\.md$/);
  assert.match(second, /statement "Two": .* and no condition restricts access\.$/);
  assert.deepEqual(rest, []);
});

test("a denial with many findings names all rules within the length limit", () => {
  const statements = Array.from({ length: 60 }, (_, i) => everyone(`S${i}`));
  const policy = ownPolicy(...statements, { ...everyone("NoAction"), Principal: { AWS: "nobody" } });
  const message = created(ackKey({ policy })).status?.message ?? "";
  assert.match(message, /^Key\/team-a\/orders violates \d Keywarden rules: [\w, ]*invalid_principal/);
  assert.match(message, /^Key.*public_access/);
  assert.match(message, /\n… and \d+ more$/);
  assert.ok(message.length < 3100, `${message.length}`);
});

test("findings that do not deny are warnings without a prefix", () => {
  const { allowed, warnings = [] } = created(ackKey({ policy: goodPolicy, enableKeyRotation: false }));
  assert.equal(allowed, true);
  assert.ok(
    warnings.includes(
      "rotation_disabled: Automatic key rotation is disabled, although AWS KMS supports it for this key.",
    ),
  );
  assert.ok(
    created(ackKey({ policy: openPolicy, enableKeyRotation: false })).warnings?.length,
    "beside a denial",
  );
});

test("with fail-on-warn a warning denies", () => {
  const { allowed, status } = created(
    ackKey({ policy: goodPolicy, enableKeyRotation: false }),
    decideBy({ failOnWarn: true }),
  );
  assert.equal(allowed, false);
  assert.match(status?.message ?? "", /rotation_disabled/);
});

test("with no-fail an error is a warning", () => {
  const { allowed, warnings = [] } = created(ackKey({ policy: openPolicy }), decideBy({ noFail: true }));
  assert.equal(allowed, true);
  assert.match(warnings[0] ?? "", /^public_access: /);
});

test("warnings stay within the limits of the API server, and no character is split", () => {
  const statements = Array.from({ length: 60 }, (_, i) => ({
    ...everyone(`${"🗝".repeat(100)}${i}`),
    Principal: { AWS: "*" },
  }));
  for (const shift of ["", "x"]) {
    const policy = ownPolicy(...statements.map((one) => ({ ...one, Sid: shift + one.Sid })));
    const { warnings = [] } = created(ackKey({ policy }), decideBy({ noFail: true }));
    assert.match(warnings.at(-1) ?? "", /^… and \d+ more$/);
    assert.ok(Buffer.byteLength(warnings.join("")) <= 4096);
    assert.ok(warnings.some((text) => text.endsWith("…")));
    for (const text of warnings) {
      assert.ok(text.length <= 256);
      assert.doesNotMatch(text, /\p{Cs}/u);
    }
  }
});

test("messages contain no terminal control characters", () => {
  const policy = ownPolicy(everyone("\u001b[2Jgone\r\n\u202eevil"));
  const { status, warnings = [] } = created(ackKey({ policy }, { name: "a\u001b[31m" }));
  for (const text of [...(status?.message ?? "").split("\n"), ...warnings])
    assert.doesNotMatch(text, /[\p{Cc}\u202a-\u202e]/u);
});

test("audit annotations have valid keys and list the rules", () => {
  const { auditAnnotations } = created(ackKey({ policy: openPolicy, enableKeyRotation: false }));
  for (const [key, value] of Object.entries(auditAnnotations)) {
    assert.match(key, /^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/);
    assert.ok(value.length > 0 && value.length <= 1000);
  }
  assert.match(auditAnnotations.other ?? "", /rotation_disabled/);
});

test("a dry run gets the same decision", () => {
  const object = ackKey({ policy: openPolicy });
  const [real, dry] = [false, true].map((dryRun) =>
    responseTo(admissionReview("CREATE", { object, dryRun })),
  );
  assert.deepEqual(dry?.status, real?.status);
  assert.equal(dry?.allowed, false);
});

test("config overrides match the namespace, kind and name of an object", () => {
  const seen: string[] = [];
  const decide = decideBy({
    levels: ({ file, level }) => {
      seen.push(file);
      return level;
    },
  });
  const path = (object: object, parts: Parts) => {
    seen.length = 0;
    responseTo(admissionReview("CREATE", { object, ...parts }), decide);
    return seen[0];
  };
  const ack = ackKey({ policy: openPolicy });
  assert.equal(path(ack, {}), "team-a/Key/orders.json");
  assert.equal(path(crossplaneKey({ policy: openPolicy }), { namespace: undefined }), "Key/orders.json");
  const generated = ackKey({ policy: openPolicy }, { name: undefined, generateName: "orders-" });
  assert.equal(path(generated, { name: "" }), "team-a/Key/orders-.json");
  assert.equal(path(ack, { namespace: "../..", name: "../../etc/passwd" }), "__../Key/__.._etc_passwd.json");
});

test("a v1beta1 review gets a v1beta1 response, and other versions are rejected", () => {
  const object = ackKey({ policy: goodPolicy });
  const beta = admissionReview("CREATE", { object }, "admission.k8s.io/v1beta1");
  const answer = admissionProtocol.handle(requestOf(ADMISSION_PATH, beta), decideBy());
  assert.equal((jsonOf(answer) as { apiVersion: string }).apiVersion, "admission.k8s.io/v1beta1");
  const later = admissionProtocol.handle(
    requestOf(ADMISSION_PATH, admissionReview("CREATE", { object }, "admission.k8s.io/v2")),
    decideBy(),
  );
  assert.equal(later.status, 400);
  assert.match(later.body, /it is admission\.k8s\.io\/v2 AdmissionReview/);
  assert.equal(later.decision, undefined);
});

const bad = { policy: openPolicy };
const named = (name: string) => crossplaneKey(bad, { annotations: { "crossplane.io/external-name": name } });
const withProvider = ({ spec, ...key }: ReturnType<typeof crossplaneKey>, name: string) => ({
  ...key,
  spec: { ...spec, providerConfigRef: { name } },
});
const regionOf = (region: string) => ({ annotations: { "services.k8s.aws/region": region } });

for (const [what, request] of Object.entries<ReturnType<typeof admissionReview>>({
  "an update of the status": admissionReview("UPDATE", {
    subResource: "status",
    oldObject: ackKey(bad),
    object: ackKey(bad, {}, { conditions: [] }),
  }),
  "the removal of a finalizer of what is being deleted": admissionReview("UPDATE", {
    oldObject: ackKey(bad, {
      deletionTimestamp: "2026-01-01T00:00:00Z",
      finalizers: ["finalizers.kms.services.k8s.aws/Key"],
    }),
    object: ackKey(bad, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  }),
  "the deletion of what is being deleted": admissionReview("DELETE", {
    oldObject: ackKey(bad, { deletionTimestamp: "2026-01-01T00:00:00Z" }),
  }),
  "an update of finalizers and owners alone": admissionReview("UPDATE", {
    oldObject: ackKey(bad, { resourceVersion: "1" }),
    object: ackKey(
      bad,
      { resourceVersion: "2", finalizers: ["finalizers.kms.services.k8s.aws/Key"] },
      { x: 1 },
    ),
  }),
  "a connection": admissionReview("CONNECT", {}),
}))
  test(`${what} is allowed without warnings, regardless of the object`, () => {
    const { allowed, warnings, auditAnnotations } = responseTo(request);
    assert.deepEqual({ allowed, warnings }, { allowed: true, warnings: undefined });
    assert.ok(auditAnnotations["skip-reason"]);
  });

const deleting = { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.com/hold"] };
const retained = { annotations: { "services.k8s.aws/deletion-policy": "retain" } };

for (const [what, before, after, allowed] of [
  [
    "ACK: its retention",
    ackKey({}, { ...deleting, ...retained }),
    ackKey({}, { ...deleting, annotations: {} }),
    false,
  ],
  [
    "Crossplane: its retention",
    { ...crossplaneKey({}, deleting), spec: { deletionPolicy: "Orphan", forProvider: {} } },
    { ...crossplaneKey({}, deleting), spec: { deletionPolicy: "Delete", forProvider: {} } },
    false,
  ],
  [
    "a label, although it is retained",
    ackKey({}, { ...deleting, ...retained }),
    ackKey({}, { ...deleting, ...retained, labels: { team: "orders" } }),
    true,
  ],
  [
    "an annotation, although its key is deleted in any case",
    ackKey(bad, deleting),
    ackKey(bad, { ...deleting, annotations: { team: "orders" } }),
    true,
  ],
] as const)
  test(`an update of an object that is being deleted is ${allowed ? "allowed" : "denied"} if it changes ${what}`, () => {
    const { allowed: isAllowed, status } = updated(before, after);
    assert.equal(isAllowed, allowed, status?.message);
    if (!allowed) assert.match(status?.message ?? "", /key_deletion/);
  });

test("objects that do not concern KMS are allowed", () => {
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
    data: { policy: openPolicy },
  };
  assert.equal(created(object).allowed, true);
});

test("an update is denied for findings that it introduces", () => {
  const { allowed, status } = updated(ackKey({ policy: goodPolicy }), ackKey({ policy: openPolicy }));
  assert.equal(allowed, false);
  assert.match(status?.message ?? "", /public_access/);
});

test("an update is allowed despite existing findings, with a warning", () => {
  const {
    allowed,
    warnings = [],
    auditAnnotations,
  } = updated(ackKey(bad), ackKey({ ...bad, description: "Orders" }, { annotations: { team: "orders" } }));
  assert.equal(allowed, true);
  assert.match(warnings[0] ?? "", /^public_access \(not changed by this update\): /);
  assert.equal(auditAnnotations.preexisting, "public_access");
  assert.equal(auditAnnotations.outcome, "allowed");
});

test("an update that changes a field with a finding is denied", () => {
  const worse = ownPolicy({ ...everyone("All"), Action: ["kms:Decrypt"] });
  const { allowed } = updated(ackKey(bad), ackKey({ policy: worse }));
  assert.equal(allowed, false);
});

for (const [what, before, after, allowed] of [
  ["another external name", named("one"), named("two"), false],
  ["the external name that the controller got", crossplaneKey(bad), named("one"), true],
  ["another Region", crossplaneKey(bad), crossplaneKey({ ...bad, region: "eu-west-1" }), false],
  ["another account", crossplaneKey(bad), withProvider(crossplaneKey(bad), "production"), false],
  ["another Region of ACK", ackKey(bad), ackKey(bad, regionOf("eu-west-1")), false],
] as const)
  test(`an update that gives a noncompliant object ${what} is ${allowed ? "allowed" : "denied"}`, () => {
    assert.equal(created(before).allowed, false);
    assert.equal(updated(before, after).allowed, allowed);
  });

test("an update that removes a suppression is denied", () => {
  const ignored = ackKey(bad, {
    annotations: { "keywarden.dev/ignore": "public_access -- fenced elsewhere" },
  });
  assert.deepEqual(
    [created(ignored), updated(ignored, ackKey(bad))].map(
      ({ allowed, auditAnnotations: { suppressed } }) => ({
        allowed,
        suppressed,
      }),
    ),
    [
      { allowed: true, suppressed: "public_access" },
      { allowed: false, suppressed: undefined },
    ],
  );
});

// Kubernetes allows dots in names, so a name can look like that of a file.
for (const name of [
  "orders.tf",
  "orders.tofu",
  "orders.auto.tfvars",
  "terragrunt.hcl",
  "terragrunt.stack.hcl",
  "orders.tfstack",
  "orders.tfdeploy",
  "manifest",
  "orders.metadata",
  "orders.yaml",
])
  test(`an object that is named ${name} is checked`, () => {
    const { allowed, auditAnnotations } = created(ackKey(bad, { name }));
    assert.deepEqual([allowed, auditAnnotations["rules"]], [false, "public_access"]);
  });

const suppressions: [string, { [annotation: string]: string }, RegExp][] = [
  [
    "a misspelled rule",
    { "keywarden.dev/ignore": "public_acces -- restricted by the VPC endpoint policy" },
    /^The suppression names an unknown rule, public_acces\. Did you mean public_access\?/,
  ],
  [
    "no reason",
    { "keywarden.dev/ignore": "public_access" },
    /^The suppression of public_access has no effect: add a reason/,
  ],
  [
    "a date in the past",
    { "keywarden.dev/ignore": "public_access until 2025-01-31 -- until the migration" },
    /^The suppression of public_access expired on 2025-01-31/,
  ],
  [
    "a misspelled annotation",
    { "keywarden.dev/ingore": "public_access -- restricted by the VPC endpoint policy" },
    /^The annotation keywarden\.dev\/ingore has no effect\. Suppressions are in keywarden\.dev\/ignore\.$/,
  ],
  [
    "another prefix",
    { "keywarden.io/ignore": "public_access -- restricted by the VPC endpoint policy" },
    /^The annotation keywarden\.io\/ignore has no effect/,
  ],
];

for (const [what, annotations, message] of suppressions)
  test(`a suppression with ${what} does not suppress, and a warning says why`, () => {
    const { allowed, warnings = [] } = created(ackKey(bad, { annotations }));
    assert.equal(allowed, false);
    assert.match(warnings[0] ?? "", message);
    assert.ok(warnings.every((warning) => warning.length <= 256));
  });

test("a suppression that matches no finding is a warning, and one that has an effect is none", () => {
  const ignored = { annotations: { "keywarden.dev/ignore": "public_access -- restricted elsewhere" } };
  const { allowed, warnings = [] } = created(ackKey({ policy: goodPolicy }, ignored));
  assert.equal(allowed, true);
  assert.match(warnings[0] ?? "", /^The suppression of public_access matches no finding: remove it\./);
  const used = created(ackKey(bad, ignored));
  assert.deepEqual(used.warnings?.filter((warning) => /suppression|annotation/.test(warning)) ?? [], []);
});

test("objects that the rules do not read cause no warnings about the object or the config", () => {
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "orders" } };
  const suppressionFile = { path: "suppressions.yaml", text: "- rule: public_acces\n  reason: misspelled\n" };
  for (const object of [configMap, ackKey({ policy: goodPolicy })]) {
    const { allowed, warnings = [] } = created(object, decideBy({ suppressions: [suppressionFile] }));
    assert.equal(allowed, true);
    assert.deepEqual(
      warnings.filter((warning) => /suppression|nothing checked/.test(warning)),
      [],
    );
  }
});

const unreadable = {
  "an object without a kind": admissionReview("CREATE", { object: { ...ackKey({}), kind: "" } }),
  "an empty object": admissionReview("CREATE", { object: {} }),
  "a deletion of an object without an apiVersion": admissionReview("DELETE", {
    oldObject: { kind: "Key", metadata: {} },
  }),
  "a spec that is text": admissionReview("CREATE", { object: { ...ackKey({}), spec: "policy" } }),
  "a spec that is a list": admissionReview("UPDATE", {
    object: { ...ackKey({}), spec: [] },
    oldObject: ackKey({}),
  }),
  "no operation": admissionReview("", { object: ackKey({}) }),
  "no object": admissionReview("CREATE", {}),
  "a deletion without an old object": admissionReview("DELETE", {}),
  "a request that is cut off": JSON.stringify(admissionReview("CREATE", { object: ackKey({}) })).slice(
    0,
    500,
  ),
};

for (const [what, body] of Object.entries(unreadable))
  test(`a review with ${what} is denied, or allowed with a NOT CHECKED warning in fail mode open`, () => {
    const closed = responseTo(body);
    assert.deepEqual([closed.uid, closed.allowed, closed.status?.code], [REVIEW_UID, false, 403]);
    assert.match(
      closed.status?.message ?? "",
      /^Keywarden could not check (the object|Key\/\S+) and denies the request: The .*\./,
    );
    const open = responseTo(body, decideBy({ failMode: "open" }));
    assert.deepEqual([open.uid, open.allowed], [REVIEW_UID, true]);
    assert.match(open.warnings?.[0] ?? "", /^NOT CHECKED/);
    const { decision } = admissionProtocol.handle(
      requestOf(ADMISSION_PATH, body),
      decideBy({ failMode: "open" }),
    );
    assert.equal(decision?.outcome, "undecided");
  });

test("an object that the rules cannot evaluate is denied, or allowed with a NOT CHECKED warning in fail mode open", () => {
  const failing = {
    rules: [],
    evaluate() {
      throw new Error("out of order");
    },
  };
  const object = ackKey({ policy: goodPolicy });
  const closed = created(object, decideBy({ engine: failing }));
  assert.equal(closed.allowed, false);
  assert.match(
    closed.status?.message ?? "",
    /^Keywarden could not check Key\/team-a\/orders and denies the request: .*out of order/,
  );
  const open = created(object, decideBy({ engine: failing, failMode: "open" }));
  assert.equal(open.allowed, true);
  assert.match(open.warnings?.[0] ?? "", /^NOT CHECKED .*out of order/);
});

for (const [what, body] of Object.entries<unknown>({
  nothing: "",
  "no JSON": "<xml/>",
  "no UTF-8": new Uint8Array([0xff, 0xfe, 0x7b]),
  "another kind": { apiVersion: "v1", kind: "Pod" },
  "no uid": { ...admissionReview("CREATE", {}), request: { operation: "CREATE" } },
  "a uid that is no text": { ...admissionReview("CREATE", {}), request: { uid: 7 } },
}))
  test(`a body with ${what} gets status 400 with a message`, () => {
    const {
      status,
      body: text,
      decision,
    } = admissionProtocol.handle(requestOf(ADMISSION_PATH, body), decideBy());
    assert.equal(status, 400);
    assert.match(
      text,
      /^The body must be an AdmissionReview of admission\.k8s\.io\/v1 in JSON, but it .*\.\n$/,
    );
    assert.equal(decision, undefined);
  });

const codes: { [kind in RequestFailure["kind"]]: number } = {
  timeout: 504,
  crashed: 500,
  internal: 500,
  overloaded: 429,
  disconnected: 400,
  stopping: 503,
  "too-large": 413,
  unreadable: 400,
};

for (const [kind, code] of Object.entries(codes) as [RequestFailure["kind"], number][]) {
  const failedWith = (body: unknown, mode: FailMode) =>
    admissionProtocol.handleFailure(
      requestOf(ADMISSION_PATH, body),
      { kind, message: "It did not work.", retryAfterSeconds: 2 },
      mode,
    );
  const request = admissionReview("CREATE", { object: ackKey(bad) });

  test(`without a decision (${kind}), the review is denied with ${code}, or allowed with a NOT CHECKED warning`, () => {
    const { response: closed } = jsonOf(failedWith(request, "closed")) as { response: Response };
    assert.deepEqual([closed.uid, closed.allowed, closed.status?.code], [REVIEW_UID, false, code]);
    assert.match(closed.status?.message ?? "", /It did not work\./);
    assert.deepEqual(closed.status?.details, { retryAfterSeconds: 2 });
    const { response: open } = jsonOf(failedWith(request, "open")) as { response: Response };
    assert.deepEqual([open.uid, open.allowed], [REVIEW_UID, true]);
    assert.match(open.warnings?.[0] ?? "", /^NOT CHECKED/);
  });

  test(`without a body (${kind}), nothing is allowed`, () => {
    for (const mode of ["closed", "open"] as const) {
      const { status, body, headers } = failedWith("", mode);
      assert.deepEqual([status, body, headers["retry-after"]], [code, "It did not work.\n", "2"]);
    }
  });
}

test("the uid is found in a body that cannot be parsed, and not confused with other uids", () => {
  const uidIn = (body: string) => {
    const answer = admissionProtocol.handleFailure(
      requestOf(ADMISSION_PATH, body),
      { kind: "crashed", message: "x" },
      "closed",
    );
    return answer.status === 200
      ? (JSON.parse(answer.body) as { response: Response }).response.uid
      : answer.status;
  };
  const head = '"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"';
  assert.equal(
    uidIn(`{"request":{"userInfo":{"uid":"a"},"object":{"uid":"b"},"uid":"c\\"d"},${head}}`),
    'c"d',
  );
  assert.equal(uidIn(`{${head},"request":{"uid":"c","object":${"[".repeat(2_000_000)}`), "c");
  assert.equal(uidIn(`{${head},"request":{"object":{"uid":"b"}}}`), 500);
  assert.equal(uidIn(`{${head},"request":[{"uid":"b"}]}`), 500);
  assert.equal(uidIn(`{${head},"uid":"b","request":{}}`), 500);
  assert.equal(uidIn(`{${head},"request":{"uid":"${"\\".repeat(1_000_001)}`), 500);
});

test("a review that is nested too deeply is denied", () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const text = JSON.stringify(admissionReview("UPDATE", { object: "DEEP", oldObject: "DEEP" })).replaceAll(
    '"DEEP"',
    JSON.stringify(ackKey({ policy: "DEEP" })).replace('"DEEP"', deep),
  );
  const { allowed, status } = responseTo(text);
  assert.equal(allowed, false);
  assert.match(status?.message ?? "", /could not check/);
});

test("arbitrary bodies never throw, the uid is returned, and undecided requests are not allowed", () => {
  const decide = decideBy();
  const parts = fc.record(
    {
      operation: fc.oneof(fc.constantFrom("CREATE", "UPDATE", "DELETE", "CONNECT"), fc.jsonValue()),
      object: fc.oneof(fc.constant(ackKey(bad)), fc.constant(crossplaneKey({})), fc.jsonValue()),
      oldObject: fc.oneof(fc.constant(ackKey(bad)), fc.jsonValue()),
      subResource: fc.oneof(fc.constantFrom("", "status"), fc.jsonValue()),
      kind: fc.jsonValue(),
      name: fc.jsonValue(),
      namespace: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const specs = fc.jsonValue().map((spec) => ({ object: { ...ackKey({}), spec } }));
  const known = fc.tuple(fc.string({ minLength: 1 }), fc.oneof(parts, specs), fc.jsonValue());
  fc.assert(
    fc.property(known, ([uid, request, more]) => {
      const body = { more, ...admissionReview("CREATE", { ...request, uid }) };
      const answer = admissionProtocol.handle(requestOf(ADMISSION_PATH, body), decide);
      const { response } = jsonOf(answer) as { response: Response };
      assert.equal(response.uid, uid);
      if (answer.decision?.outcome !== "allowed") assert.equal(response.allowed, false);
      assert.equal(response.allowed, response.status === undefined);
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array()), (body) => {
      for (const answer of [
        admissionProtocol.handle(requestOf(ADMISSION_PATH, body), decide),
        admissionProtocol.handleFailure(
          requestOf(ADMISSION_PATH, body),
          { kind: "internal", message: "x" },
          "open",
        ),
      ])
        assert.ok([400, 500].includes(answer.status));
    }),
    { numRuns: 300 },
  );
});
