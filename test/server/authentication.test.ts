import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { authenticationError, parseTokens } from "../../src/hosts/server/authentication.ts";

const asking = (authorization?: string) => ({ headers: { authorization } }) as unknown as IncomingMessage;

const tokens = parseTokens("# of the pipeline\nfirst-token-of-all\n\n  second-token-of-all \r\n");

test("a client with a valid token is accepted", () => {
  for (const token of ["first-token-of-all", "second-token-of-all"])
    assert.equal(
      authenticationError(asking(`Bearer ${token}`), {
        tokens,
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
        allowUnauthenticated: true,
      }) as string,
      /bearer token is (required|not valid)/,
    );
  });

test("without credentials, only a server that listens locally accepts requests", () => {
  assert.equal(authenticationError(asking(), { allowUnauthenticated: true }), undefined);
  assert.match(
    authenticationError(asking(), { allowUnauthenticated: false }) as string,
    /Access to this path is disabled/,
  );
});

test("a token file without valid tokens is an error", () => {
  assert.throws(() => parseTokens("# nothing\n"), /has no tokens/);
  assert.throws(() => parseTokens("long-enough-to-be-one\nsecret\n"), /Token 2 has fewer than 16/);
});
