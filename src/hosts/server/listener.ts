import { randomBytes } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import type { SecureContextOptions, Server as TlsServer } from "node:tls";
import { isSocket, removeFile } from "../../node/files.ts";
import type { Address } from "../../session/server-options.ts";

/** Longer than load balancers keep a connection: they close it, and no request meets a connection that is closed here. */
const KEEP_ALIVE = 75_000;
/** Of a request's head, and of all of it: who sends slower is cut off. */
const HEAD = 10_000;
const WHOLE = 30_000;
/** Without a byte in either direction. */
const SILENCE = 120_000;
const CONNECTIONS = 4096;

/** A server that does not listen yet. With a `ca`, clients are asked for a certificate; whether it is good is the request's matter, for probes have none. */
export function listenerOf(listener: RequestListener, tls: SecureContextOptions | undefined): Server {
  const common = { headersTimeout: HEAD, requestTimeout: WHOLE, connectionsCheckingInterval: 2000 };
  const server: Server =
    tls === undefined
      ? createServer(common, listener)
      : createTlsServer(
          { ...common, ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: false },
          listener,
        );
  server.keepAliveTimeout = KEEP_ALIVE;
  server.timeout = SILENCE;
  server.maxConnections = CONNECTIONS;
  return server;
}

/** New connections have the new certificate. Throws an Error where it is none, and the old one stays. */
export function renew(server: Server, tls: SecureContextOptions): void {
  const secure = server as unknown as TlsServer;
  secure.setSecureContext(tls);
  // Sessions of before would go on with what was trusted then.
  secure.setTicketKeys(randomBytes(48));
}

/** Resolves with the URL. Rejects with an Error where the address is taken or not to be had. */
export async function listen(server: Server, address: Address, scheme: string): Promise<string> {
  if ("path" in address && isSocket(address.path) && (await isLeftBehind(address.path)))
    removeFile(address.path);
  return listening(server, address, scheme);
}

/** Whether nobody listens at a socket any more: the server was killed. */
const isLeftBehind = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
  });

function listening(server: Server, address: Address, scheme: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const place = "path" in address ? address.path : `${address.host}:${address.port}`;
      reject(new Error(`Cannot listen on ${place}: ${why[code ?? ""] ?? message}`));
    });
    server.listen("path" in address ? address : { ...address, backlog: 1024 }, () => {
      const at = server.address() as AddressInfo | string;
      if (typeof at === "string") resolve(`${scheme}+unix:${at}`);
      else resolve(`${scheme}://${at.family === "IPv6" ? `[${at.address}]` : at.address}:${at.port}`);
    });
  });
}

const why: { [code: string]: string } = {
  EADDRINUSE: "another program listens there.",
  EACCES: "ports below 1024 need rights that this process does not have.",
  EADDRNOTAVAIL: "this machine does not have that address.",
  ENOTFOUND: "the name is not known.",
};

/** Takes no more connections, closes those on which nobody asks, and waits for the others until a time (ms since the epoch). */
export async function shut(server: Server, deadline: number): Promise<void> {
  if (!server.listening) return;
  await accepted();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const late = setTimeout(() => server.closeAllConnections(), Math.max(0, deadline - Date.now()));
  await closed;
  clearTimeout(late);
}

/**
 * Resolves when the kernel holds hardly a connection that Node has not seen: it resets them when the address is closed.
 * They are taken right before an immediate runs, and one that follows the last at once had nothing else to wait for.
 */
const accepted = (): Promise<void> =>
  new Promise((resolve) => {
    const look = (left: number, since: number) =>
      setImmediate(() => {
        const now = performance.now();
        if (now - since < 0.1 || left === 0) resolve();
        else look(left - 1, now);
      });
    look(1000, performance.now());
  });
