/** Limits the number of requests of each client that are in progress at the same time. */
export class ConcurrencyLimit {
  readonly maximum: number;
  private readonly inProgress = new Map<string, number>();

  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Returns false if the client has reached the limit. */
  acquire(client: string): boolean {
    const count = this.inProgress.get(client) ?? 0;
    if (count >= this.maximum) return false;
    this.inProgress.set(client, count + 1);
    return true;
  }

  release(client: string): void {
    const count = (this.inProgress.get(client) ?? 0) - 1;
    if (count > 0) this.inProgress.set(client, count);
    else this.inProgress.delete(client);
  }
}
