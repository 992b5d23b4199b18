import type { QueuedRequest } from "./worker-slot.ts";

interface Client {
  /** In order of arrival. */
  waiting: QueuedRequest[];
  /** Number of requests that workers are deciding. */
  running: number;
  /** Milliseconds of worker time that the client has used, on the queue's virtual clock. */
  used: number;
}

/**
 * Requests that wait for a worker. The next one belongs to the client with the fewest running requests, and among these
 * to the client that has used the least worker time. A client with expensive requests, or with many, therefore only
 * delays itself. This is fair queuing with a virtual clock: https://en.wikipedia.org/wiki/Fair_queuing
 */
export class FairQueue {
  private readonly clients = new Map<string, Client>();
  /** Worker time that each active client was entitled to. A client that was idle saves up no time. */
  private clock = 0;

  get size(): number {
    let size = 0;
    for (const { waiting } of this.clients.values()) size += waiting.length;
    return size;
  }

  requests(): QueuedRequest[] {
    return [...this.clients.values()].flatMap(({ waiting }) => waiting);
  }

  push(request: QueuedRequest): void {
    let client = this.clients.get(request.client);
    if (client === undefined) {
      client = { waiting: [], running: 0, used: this.clock };
      this.clients.set(request.client, client);
    } else if (!isActive(client)) client.used = Math.max(client.used, this.clock);
    client.waiting.push(request);
  }

  /** Removes the next request for a worker. `accepts` may skip clients whose next request has to wait. */
  next(accepts: (request: QueuedRequest) => boolean = () => true): QueuedRequest | undefined {
    let next: Client | undefined;
    for (const client of this.clients.values()) {
      const [first] = client.waiting;
      if (first !== undefined && (next === undefined || precedes(client, next)) && accepts(first))
        next = client;
    }
    if (next === undefined) return undefined;
    next.running += 1;
    return next.waiting.shift();
  }

  /** Charges a request that `next` has returned to its client. */
  finished(request: QueuedRequest, milliseconds: number): void {
    const client = this.clients.get(request.client) as Client;
    const active = [...this.clients.values()].filter(isActive).length;
    client.running -= 1;
    client.used += milliseconds;
    this.clock += milliseconds / active;
    this.forgetIdleClients();
  }

  /** Removes a waiting request. Returns false if it does not wait. */
  remove(request: QueuedRequest): boolean {
    const waiting = this.clients.get(request.client)?.waiting ?? [];
    const index = waiting.indexOf(request);
    if (index < 0) return false;
    waiting.splice(index, 1);
    this.forgetIdleClients();
    return true;
  }

  /**
   * Returns the waiting request that gives up its place to a request of a client if the queue is full: the newest one of
   * the client with the most requests. Returns undefined if the other client would then have more requests than that one.
   */
  displacedBy(name: string): QueuedRequest | undefined {
    let largest: Client | undefined;
    for (const client of this.clients.values())
      if (client.waiting.length > 0 && (largest === undefined || total(client) > total(largest)))
        largest = client;
    const other = this.clients.get(name);
    const othersTotal = other === undefined ? 0 : total(other);
    return largest !== undefined && total(largest) > othersTotal + 1 ? largest.waiting.at(-1) : undefined;
  }

  /** Forgets clients without requests, except those that have used more than their share while others wait. */
  private forgetIdleClients(): void {
    const contended = [...this.clients.values()].some(isActive);
    for (const [name, client] of this.clients)
      if (!isActive(client) && !(contended && client.used > this.clock)) this.clients.delete(name);
  }
}

const total = ({ waiting, running }: Client): number => waiting.length + running;

const isActive = (client: Client): boolean => total(client) > 0;

const precedes = (client: Client, other: Client): boolean =>
  client.running === other.running ? client.used < other.used : client.running < other.running;
