import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { compactVerify, type JWTPayload } from "jose";
import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import { valueOfJson } from "../../../gate/json.ts";
import { canonicalJson } from "./canonical.ts";

/** Requirements for the signature of a bundle. */
export interface Verification {
  /** Public keys or certificates in PEM format. A signature of one of them is sufficient. */
  publicKeys: string;
  /** Required key ID of the signature. */
  keyId?: string | undefined;
  /** Required scope of the signature. If it is absent, the signature must have no scope. */
  scope?: string | undefined;
}

export const SIGNATURES_FILE = ".signatures.json";

/** Name of the signing plugin that is built into OPA. */
const DEFAULT_PLUGIN = "_default";

const HASH_NAMES: { [algorithm: string]: string } = {
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
  "SHA-512-256": "sha512-256",
};

const ALGORITHMS_BY_KEY_TYPE: { [type: string]: string[] } = {
  rsa: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ec: ["ES256", "ES384", "ES512"],
  ed25519: ["EdDSA", "Ed25519"],
};

/** Throws an Error if there is no key, or if a key is not a public key or has an unsupported type. */
export function createVerifier({ publicKeys, keyId, scope }: Verification): Verifier {
  const keys = parsePublicKeys(publicKeys);
  return async (files) => {
    const { header, payload } = await verifySignature(keys, signatureIn(files));
    const signedKeyId = header.kid ?? payload["keyid"];
    if (keyId !== undefined && signedKeyId !== keyId)
      throw new Error("The bundle's signature has another key ID");
    if ((payload["scope"] ?? "") !== (scope ?? ""))
      throw new Error("The bundle's signature has another scope");
    compareFiles(files, parseSignedFiles(payload["files"]));
  };
}

/** Rejects with an Error if the files are not exactly the signed files. */
export type Verifier = (files: Map<string, Uint8Array>) => Promise<void>;

interface PublicKey {
  key: KeyObject;
  algorithms: string[];
}

function parsePublicKeys(pem: string): PublicKey[] {
  if (/PRIVATE KEY-----/.test(pem))
    throw new Error("The bundle key is a private key. Use the public key instead.");
  const blocks = pem.match(/-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g) ?? [];
  if (blocks.length === 0 || blocks.length < (pem.match(/-----BEGIN /g)?.length ?? 0))
    throw new Error("The bundle key is not a public key in PEM format, or is incomplete.");
  return blocks.map(parsePublicKey);
}

function parsePublicKey(pem: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new Error("The bundle key is not a public key in PEM format, or is incomplete.");
  }
  const algorithms = ALGORITHMS_BY_KEY_TYPE[key.asymmetricKeyType ?? ""];
  if (algorithms === undefined) throw new Error("The bundle key is not an RSA, ECDSA or Ed25519 key.");
  return { key, algorithms };
}

/** https://www.openpolicyagent.org/docs/management-bundles#signature-format */
function signatureIn(files: Map<string, Uint8Array>): string {
  const file = files.get(SIGNATURES_FILE);
  if (file === undefined) throw new Error("The bundle is not signed");
  const { signatures, plugin } = (parseJson(file) ?? {}) as { signatures?: unknown; plugin?: unknown };
  const [token, ...more] = Array.isArray(signatures) ? signatures : [];
  if (typeof token !== "string" || more.length > 0 || (plugin ?? DEFAULT_PLUGIN) !== DEFAULT_PLUGIN)
    throw new Error(`The bundle's ${SIGNATURES_FILE} does not contain exactly one signature`);
  return token;
}

const parseJson = (bytes: Uint8Array): Json | undefined => valueOfJson(Buffer.from(bytes).toString());

/** Returns the claims if one of the keys made the signature. Rejects with an Error otherwise. */
async function verifySignature(keys: PublicKey[], token: string) {
  for (const { key, algorithms } of keys) {
    try {
      const { payload, protectedHeader: header } = await compactVerify(token, key, { algorithms });
      const claims = parseJson(payload);
      if (claims !== undefined && isMap(claims)) return { header, payload: claims as JWTPayload };
    } catch {
      // The error below covers this case too.
    }
  }
  throw new Error("The bundle's signature was not made with the bundle key");
}

interface SignedFile {
  name: string;
  hash: string;
  algorithm: string;
}

function parseSignedFiles(files: unknown): Map<string, SignedFile> {
  if (!Array.isArray(files)) throw new Error("The bundle's signature lists no files");
  return new Map(files.map((file: SignedFile) => [String(file?.name).replace(/^\/+/, ""), file]));
}

function compareFiles(files: Map<string, Uint8Array>, signedFiles: Map<string, SignedFile>): void {
  for (const [path, content] of files) {
    if (path === SIGNATURES_FILE) continue;
    const entry = signedFiles.get(path);
    if (entry === undefined) throw new Error(`The bundle has ${quote(path)}, which is not signed`);
    const algorithm = HASH_NAMES[entry.algorithm];
    if (algorithm === undefined)
      throw new Error(`The bundle's signature uses an unsupported hash algorithm for ${quote(path)}`);
    const hash = createHash(algorithm).update(hashInput(path, content)).digest("hex");
    if (hash !== String(entry.hash).toLowerCase())
      throw new Error(`The content of ${quote(path)} in the bundle is not the signed content`);
  }
  for (const path of signedFiles.keys())
    if (!files.has(path)) throw new Error(`The bundle has no ${quote(path)}, which is signed`);
}

/** OPA hashes data documents and manifests in a canonical form, and other files as bytes. */
function hashInput(path: string, content: Uint8Array): Uint8Array | string {
  const name = path.split("/").at(-1) ?? "";
  if (name === "data.yaml" || name === "data.yml")
    throw new Error(`The bundle has ${quote(path)}, but only JSON data is supported. opa build writes JSON`);
  if (name !== "data.json" && name !== ".manifest") return content;
  try {
    return canonicalJson(Buffer.from(content).toString());
  } catch {
    throw new Error(`The bundle's ${quote(path)} is not JSON`);
  }
}

const quote = (path: string): string => JSON.stringify(path.slice(0, 100));
