import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, Server as NetServer } from "node:net";
import type { SecureContextOptions, Server as TlsServer } from "node:tls";
import { isSocket, removeFile } from "../../node/files.ts";
import type { Address } from "../../session/server-options.ts";

/** Longer than the idle timeout of load balancers, so that no request arrives on a connection that the server closes. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** For the headers of a request. */
const HEADERS_TIMEOUT_MS = 10_000;
/** For a whole request, including its body. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Without a byte in either direction. */
const IDLE_TIMEOUT_MS = 120_000;
/** Between two checks for the timeouts of requests. */
const TIMEOUT_CHECK_INTERVAL_MS = 2_000;
const LISTEN_BACKLOG = 1024;

/**
 * Creates a server that does not listen yet. If `tls` has a `ca`, the server requests a client certificate. It does not
 * reject connections without one, because health checks need none: authentication rejects requests.
 */
export function createListener(listener: RequestListener, tls: SecureContextOptions | undefined): Server {
  const options = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
    // Node.js would reject such a request before it calls the listener, which counts and logs it.
    requireHostHeader: false,
  };
  const server: Server =
    tls === undefined
      ? createServer(options, listener)
      : createTlsServer(
          { ...options, ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: false },
          listener,
        );
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.timeout = IDLE_TIMEOUT_MS;
  return server;
}

/** Sets the certificate of new connections. Throws an Error if it is not valid; the server then keeps the old one. */
export function renewTls(server: Server, tls: SecureContextOptions): void {
  const tlsServer = server as unknown as TlsServer;
  tlsServer.setSecureContext(tls);
  // Resumed sessions would keep the old trust settings.
  tlsServer.setTicketKeys(randomBytes(48));
}

/** Resolves with the URL. Rejects with an Error if the server cannot listen on the address. */
export async function listen(server: Server, address: Address, scheme: string): Promise<string> {
  if ("path" in address && isSocket(address.path) && (await isStaleSocket(address.path)))
    removeFile(address.path);
  return startListening(server, address, scheme);
}

/** Returns whether no process listens on a socket, because the server was killed. */
const isStaleSocket = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "ECONNREFUSED"));
  });

function startListening(server: Server, address: Address, scheme: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const target = "path" in address ? address.path : `${address.host}:${address.port}`;
      reject(new Error(`Cannot listen on ${target}: ${ERROR_REASONS[code ?? ""] ?? message}`));
    });
    server.listen("path" in address ? address : { ...address, backlog: LISTEN_BACKLOG }, () => {
      const bound = server.address() as AddressInfo | string;
      if (typeof bound === "string") resolve(`${scheme}+unix:${bound}`);
      else
        resolve(
          `${scheme}://${bound.family === "IPv6" ? `[${bound.address}]` : bound.address}:${bound.port}`,
        );
    });
  });
}

const ERROR_REASONS: { [code: string]: string } = {
  EADDRINUSE: "the address is already in use.",
  EACCES: "permission denied. Ports below 1024 require privileges.",
  EADDRNOTAVAIL: "this machine does not have the address.",
  ENOTFOUND: "the host name cannot be resolved.",
};

/**
 * Stops accepting connections, waits until every response is sent or a deadline (milliseconds since the epoch) is
 * reached, and closes the connections. `unsent` has the responses that clients have not received completely.
 */
export async function closeGracefully(
  server: Server,
  unsent: ReadonlySet<ServerResponse>,
  deadline: number,
): Promise<void> {
  if (!server.listening) return;
  await acceptPending();
  // `Server.close` of node:http would also end connections whose response is complete in memory, although a slow client
  // has not received it.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  const timer = setTimeout(() => server.closeAllConnections(), Math.max(0, deadline - Date.now()));
  for (const response of unsent) await once(response, "close");
  server.closeIdleConnections();
  await closed;
  clearTimeout(timer);
}

const MAX_ACCEPT_ROUNDS = 1000;

/**
 * Resolves when Node.js has accepted nearly all connections in the backlog, which the kernel resets when the address is
 * closed. Node.js accepts connections right before it runs immediates. If two immediates follow each other without
 * delay, nothing was pending in between.
 */
const acceptPending = (): Promise<void> =>
  new Promise((resolve) => {
    const wait = (roundsLeft: number, since: number) =>
      setImmediate(() => {
        const now = performance.now();
        if (now - since < 0.1 || roundsLeft === 0) resolve();
        else wait(roundsLeft - 1, now);
      });
    wait(MAX_ACCEPT_ROUNDS, performance.now());
  });
