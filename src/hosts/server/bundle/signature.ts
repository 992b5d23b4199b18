import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { compactVerify, type JWTPayload } from "jose";
import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import { canonical } from "./canonical.ts";

/** What a bundle's signature has to be. */
export interface Verification {
  /** Public key or certificate, PEM. */
  publicKey: string;
  /** The id of the key that the signature has to name. Any without it. */
  keyId?: string | undefined;
  /** The scope that the signature has to have. None without it. */
  scope?: string | undefined;
}

export const SIGNATURES = ".signatures.json";

/** The one way to sign that OPA has by itself. */
const PLUGIN = "_default";

const HASHES: { [algorithm: string]: string } = {
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA-512-256": "sha512-256",
};

const ALGORITHMS: { [type: string]: string[] } = {
  rsa: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ec: ["ES256", "ES384", "ES512"],
  ed25519: ["EdDSA", "Ed25519"],
};

/** Reads the key once. Throws an Error where it is none, or not one that bundles are verified with. */
export function verifier({ publicKey, keyId, scope }: Verification): Verifier {
  const key = keyOf(publicKey);
  const algorithms = ALGORITHMS[key.asymmetricKeyType ?? ""];
  if (algorithms === undefined) throw new Error("The key for bundles is neither RSA nor ECDSA nor Ed25519");
  return async (files) => {
    const { header, payload } = await signedBy(key, algorithms, tokenIn(files));
    const named = header.kid ?? payload["keyid"];
    if (keyId !== undefined && named !== keyId)
      throw new Error("The bundle is signed by a key of another id");
    if ((payload["scope"] ?? "") !== (scope ?? ""))
      throw new Error("The bundle's signature has another scope");
    compare(files, listed(payload["files"]));
  };
}

/** Throws an Error where the files are not exactly what the key's owner signed. */
export type Verifier = (files: Map<string, Uint8Array>) => Promise<void>;

function keyOf(pem: string): KeyObject {
  if (/PRIVATE KEY-----/.test(pem))
    throw new Error("The key for bundles is a private one: give its public half");
  try {
    return createPublicKey(pem);
  } catch {
    throw new Error("The key for bundles is no public key in PEM");
  }
}

/** https://www.openpolicyagent.org/docs/management-bundles#signature-format */
function tokenIn(files: Map<string, Uint8Array>): string {
  const file = files.get(SIGNATURES);
  if (file === undefined) throw new Error("The bundle is not signed");
  const { signatures, plugin } = (parsed(file) ?? {}) as { signatures?: unknown; plugin?: unknown };
  const [token, ...more] = Array.isArray(signatures) ? signatures : [];
  if (typeof token !== "string" || more.length > 0 || (plugin ?? PLUGIN) !== PLUGIN)
    throw new Error(`The bundle's ${SIGNATURES} does not hold one signature`);
  return token;
}

const parsed = (bytes: Uint8Array): Json | undefined => {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
};

async function signedBy(key: KeyObject, algorithms: string[], token: string) {
  try {
    const { payload, protectedHeader: header } = await compactVerify(token, key, { algorithms });
    const claims = parsed(payload);
    if (claims === undefined || !isMap(claims)) throw new Error("no claims");
    return { header, payload: claims as JWTPayload };
  } catch {
    throw new Error("The bundle's signature is not one of the key");
  }
}

interface Listed {
  name: string;
  hash: string;
  algorithm: string;
}

function listed(files: unknown): Map<string, Listed> {
  if (!Array.isArray(files)) throw new Error("The bundle's signature lists no files");
  return new Map(files.map((file: Listed) => [String(file?.name).replace(/^\/+/, ""), file]));
}

function compare(files: Map<string, Uint8Array>, listed: Map<string, Listed>): void {
  for (const [path, content] of files) {
    if (path === SIGNATURES) continue;
    const entry = listed.get(path);
    if (entry === undefined) throw new Error(`The bundle has ${shown(path)}, which is not signed`);
    const algorithm = HASHES[entry.algorithm];
    if (algorithm === undefined)
      throw new Error(`The bundle's signature has a hash of ${shown(path)} that is not taken`);
    const hash = createHash(algorithm).update(hashed(path, content)).digest("hex");
    if (hash !== String(entry.hash).toLowerCase())
      throw new Error(`The bundle's ${shown(path)} is not what was signed`);
  }
  for (const path of listed.keys())
    if (!files.has(path)) throw new Error(`The bundle lacks ${shown(path)}, which is signed`);
}

/** OPA hashes what documents say, not how they are written; all others by their bytes. */
function hashed(path: string, content: Uint8Array): Uint8Array | string {
  const name = path.split("/").at(-1) ?? "";
  if (name === "data.yaml" || name === "data.yml")
    throw new Error(`The bundle has ${shown(path)}: opa build writes data as JSON, and only that is read`);
  if (name !== "data.json" && name !== ".manifest") return content;
  try {
    return canonical(Buffer.from(content).toString());
  } catch {
    throw new Error(`The bundle's ${shown(path)} is no JSON`);
  }
}

const shown = (path: string): string => JSON.stringify(path.slice(0, 100));
