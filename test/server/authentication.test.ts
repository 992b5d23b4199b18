import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { refusalOf, tokensIn } from "../../src/hosts/server/authentication.ts";

const asking = (authorization?: string, authorized?: boolean, certificate: unknown = {}) =>
  ({
    headers: { authorization },
    socket: { authorized, getPeerX509Certificate: () => certificate },
  }) as unknown as IncomingMessage;

const tokens = tokensIn("# of the pipeline\nfirst-token-of-all\n\n  second-token-of-all \r\n", "tokens");

test("a client with one of the tokens may ask", () => {
  for (const token of ["first-token-of-all", "second-token-of-all"])
    assert.equal(
      refusalOf(asking(`Bearer ${token}`), { tokens, certificates: false, everyone: true }),
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
  test(`a client with ${JSON.stringify(given)} may not`, () => {
    assert.match(
      refusalOf(asking(given), { tokens, certificates: false, everyone: true }) as string,
      /token is n/,
    );
  });

test("where certificates are asked for, a token alone is not enough, and a certificate without its token neither", () => {
  const all = { tokens, certificates: true, everyone: true };
  assert.match(refusalOf(asking("Bearer first-token-of-all", false), all) as string, /certificate/);
  assert.match(refusalOf(asking(undefined, true), all) as string, /token/);
  assert.equal(refusalOf(asking("Bearer first-token-of-all", true), all), undefined);
});

test("where clients need neither, everyone may ask who reaches the server from its own machine, and nobody else", () => {
  assert.equal(refusalOf(asking(), { certificates: false, everyone: true }), undefined);
  assert.match(refusalOf(asking(), { certificates: false, everyone: false }) as string, /Nobody may ask/);
});

test("a file without tokens lets nobody in unseen", () => {
  assert.throws(() => tokensIn("# nothing\n", "tokens"), /tokens holds no token/);
  assert.throws(() => tokensIn("long-enough-to-be-one\nsecret\n", "tokens"), /token 2 has less than 16/);
});
