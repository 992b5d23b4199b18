import { connect } from "node:net";

/** Result of one round of requests. Times are in milliseconds. */
export interface Round {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Number of responses with a status other than 200. */
  failed: number;
}

export interface Load {
  port: number;
  path: string;
  /** Request bodies, which are sent in turn, repeatedly. */
  bodies: Buffer[];
  connections: number;
  /** Stops the round after this many requests, or `milliseconds`. */
  requests?: number;
  milliseconds?: number;
  contentType?: string;
}

/**
 * Sends requests over several connections, each of which waits for the response before the next request. It doesn't use an
 * HTTP client, whose CPU time would distort the result.
 */
export async function load({ port, path, bodies, connections, contentType, ...until }: Load): Promise<Round> {
  const requests = bodies.map((body) =>
    Buffer.concat([
      Buffer.from(
        `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${contentType ?? "application/json"}\r\ncontent-length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  );
  const times: number[] = [];
  let [sent, failed] = [0, 0];
  const start = performance.now();
  const end = start + (until.milliseconds ?? Number.POSITIVE_INFINITY);
  const maximum = until.requests ?? Number.POSITIVE_INFINITY;
  const connection = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let sentAt = 0;
      let response: Buffer = Buffer.alloc(0);
      const next = () => {
        if (sent >= maximum || performance.now() >= end) {
          socket.end();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(requests[sent++ % requests.length] as Buffer);
      };
      socket.once("connect", next);
      socket.once("error", reject);
      socket.on("data", (chunk: Buffer) => {
        response = response.length === 0 ? chunk : Buffer.concat([response, chunk]);
        const head = response.indexOf("\r\n\r\n");
        if (head < 0) return;
        const text = response.toString("latin1", 0, head);
        const length = /content-length: *(\d+)/i.exec(text)?.[1];
        const complete =
          length === undefined
            ? response.subarray(-5).toString() === "0\r\n\r\n"
            : response.length >= head + 4 + Number(length);
        if (!complete) return;
        times.push(performance.now() - sentAt);
        if (!text.startsWith("HTTP/1.1 200")) failed += 1;
        response = Buffer.alloc(0);
        next();
      });
    });
  await Promise.all(Array.from({ length: connections }, connection));
  const seconds = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    requests: times.length,
    perSecond: times.length / seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
    failed,
  };
}
