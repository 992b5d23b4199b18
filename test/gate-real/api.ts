import assert from "node:assert/strict";
import { ask } from "../server/served.ts";

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; namespace?: string; [field: string]: unknown };
  [field: string]: unknown;
}

/** The fields of metav1.Status and of an object that tests read. */
interface ResponseBody extends Partial<KubernetesObject> {
  message?: string;
  reason?: string;
  code?: number;
}

export interface ApiResponse {
  status: number;
  /** The texts of the Warning headers, which kubectl prints. */
  warnings: string[];
  body: ResponseBody;
}

interface Resource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** A client of the Kubernetes API. Responses with an error status are returned, not thrown. */
export class Api {
  readonly #url: string;
  readonly #ca: Buffer;
  readonly #token: string;

  constructor(url: string, ca: Buffer, token: string) {
    this.#url = url;
    this.#ca = ca;
    this.#token = token;
  }

  async request(method: string, path: string, body?: unknown, contentType = "application/json") {
    const {
      status,
      headers,
      body: text,
    } = await ask(this.#url + path, {
      method,
      ca: this.#ca,
      agent: false,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": contentType },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status, warnings: warningsIn(headers["warning"]), body: parse(text) } satisfies ApiResponse;
  }

  /** Returns the path of an object, or of its collection. Asks the API server for the resource's name. */
  async path({ apiVersion, kind, metadata }: KubernetesObject, ofCollection = false): Promise<string> {
    const prefix = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { status, body } = await this.request("GET", prefix);
    const resources = (body["resources"] ?? []) as Resource[];
    const resource = resources.find((one) => one.kind === kind && !one.name.includes("/"));
    assert.ok(status === 200 && resource !== undefined, `The API server has no ${apiVersion} ${kind}`);
    const scope = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${prefix}${scope}/${resource.name}${ofCollection ? "" : `/${metadata.name}`}`;
  }

  async create(object: KubernetesObject, query = ""): Promise<ApiResponse> {
    return this.request("POST", `${await this.path(object, true)}${query}`, object);
  }

  /** Changes an object as `kubectl apply --server-side` does. The server rejects fields that the schema doesn't have. */
  async apply(object: KubernetesObject, query = ""): Promise<ApiResponse> {
    const path = `${await this.path(object)}?fieldManager=test&force=true&fieldValidation=Strict${query}`;
    return this.request("PATCH", path, object, "application/apply-patch+yaml");
  }

  async get(object: KubernetesObject): Promise<ApiResponse> {
    return this.request("GET", await this.path(object));
  }

  async mergePatch(object: KubernetesObject, patch: object, subresource = ""): Promise<ApiResponse> {
    const path = `${await this.path(object)}${subresource}`;
    return this.request("PATCH", path, patch, "application/merge-patch+json");
  }

  async delete(object: KubernetesObject, query = ""): Promise<ApiResponse> {
    return this.request("DELETE", `${await this.path(object)}${query}`);
  }
}

/** Parses the Warning headers of RFC 7234: `299 - "text"`. Node joins several with commas, and decodes them as Latin-1. */
const warningsIn = (header: string | string[] | undefined): string[] =>
  [
    ...Buffer.from(String(header ?? ""), "latin1")
      .toString()
      .matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g),
  ].map(([, text = ""]) => text.replace(/\\(.)/g, "$1"));

function parse(text: string): ResponseBody {
  try {
    return JSON.parse(text) as ResponseBody;
  } catch {
    return { message: text };
  }
}
