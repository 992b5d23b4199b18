import { connect } from "node:net";

/** What one round of requests took. Times in milliseconds. */
export interface Round {
  requests: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers of a status that was not meant. */
  failed: number;
}

export interface Load {
  port: number;
  path: string;
  /** They come one after the other, over and over. */
  bodies: Buffer[];
  connections: number;
  /** Ends after so many requests, or so many milliseconds. */
  requests?: number;
  milliseconds?: number;
  contentType?: string;
}

/** Each connection sends its next request when the last one is answered. Leaner than an HTTP client, whose cost would count for the server. */
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
  const begun = performance.now();
  const end = begun + (until.milliseconds ?? Number.POSITIVE_INFINITY);
  const most = until.requests ?? Number.POSITIVE_INFINITY;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: "127.0.0.1", noDelay: true });
      let at = 0;
      let answer: Buffer = Buffer.alloc(0);
      const next = () => {
        if (sent >= most || performance.now() >= end) {
          socket.end();
          resolve();
          return;
        }
        at = performance.now();
        socket.write(requests[sent++ % requests.length] as Buffer);
      };
      socket.once("connect", next);
      socket.once("error", reject);
      socket.on("data", (chunk: Buffer) => {
        answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
        const head = answer.indexOf("\r\n\r\n");
        if (head < 0) return;
        const text = answer.toString("latin1", 0, head);
        const length = /content-length: *(\d+)/i.exec(text)?.[1];
        const whole =
          length === undefined
            ? answer.subarray(-5).toString() === "0\r\n\r\n"
            : answer.length >= head + 4 + Number(length);
        if (!whole) return;
        times.push(performance.now() - at);
        if (!text.startsWith("HTTP/1.1 200")) failed += 1;
        answer = Buffer.alloc(0);
        next();
      });
    });
  await Promise.all(Array.from({ length: connections }, one));
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  const quantile = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return {
    requests: times.length,
    perSecond: times.length / seconds,
    p50: quantile(0.5),
    p99: quantile(0.99),
    failed,
  };
}
