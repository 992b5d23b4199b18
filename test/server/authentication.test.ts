import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { authenticationError, parseTokens } from "../../src/hosts/server/authentication.ts";

const asking = (authorization?: string, authorized?: boolean, certificate: unknown = {}) =>
  ({
    headers: { authorization },
    socket: { authorized, getPeerX509Certificate: () => certificate },
  }) as unknown as IncomingMessage;

const tokens = parseTokens("# of the pipeline\nfirst-token-of-all\n\n  second-token-of-all \r\n", "tokens");

test("a client with a valid token is accepted", () => {
  for (const token of ["first-token-of-all", "second-token-of-all"])
    assert.equal(
      authenticationError(asking(`Bearer ${token}`), {
        tokens,
        requireCertificate: false,
        allowUnauthenticated: true,
      }),
      undefined,
    );
});

for (const given of [
  undefined,
  "",
  "first-token-of-all",
  "Bearer ",
  "Bearer first-token-of-al",
  "Bearer first-token-of-all-",
  "Bearer # of the pipeline",
  "Basic first-token-of-all",
  "Bearer first-token-of-all second-token-of-all",
])
  test(`a client with ${JSON.stringify(given)} is rejected`, () => {
    assert.match(
      authenticationError(asking(given), {
        tokens,
        requireCertificate: false,
        allowUnauthenticated: true,
      }) as string,
      /bearer token is (required|not valid)/,
    );
  });

test("if certificates and tokens are required, neither is sufficient alone", () => {
  const all = { tokens, requireCertificate: true, allowUnauthenticated: true };
  assert.match(authenticationError(asking("Bearer first-token-of-all", false), all) as string, /certificate/);
  assert.match(authenticationError(asking(undefined, true), all) as string, /token/);
  assert.equal(authenticationError(asking("Bearer first-token-of-all", true), all), undefined);
});

test("without credentials, only a server that listens locally accepts requests", () => {
  assert.equal(
    authenticationError(asking(), { requireCertificate: false, allowUnauthenticated: true }),
    undefined,
  );
  assert.match(
    authenticationError(asking(), { requireCertificate: false, allowUnauthenticated: false }) as string,
    /Access to this path is disabled/,
  );
});

test("a token file without valid tokens is an error", () => {
  assert.throws(() => parseTokens("# nothing\n", "tokens"), /tokens has no token/);
  assert.throws(() => parseTokens("long-enough-to-be-one\nsecret\n", "tokens"), /token 2 has fewer than 16/);
});
