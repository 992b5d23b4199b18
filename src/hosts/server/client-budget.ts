/** A client may use this many times as much as it leaves to others. */
const OWN_TO_REMAINING = 3;

/**
 * A resource that all clients share. One client alone can use up to three quarters of it, two can use three sevenths each,
 * and so on: however many clients use as much as they can, some of it remains for another one.
 * See the dynamic thresholds for shared buffers of Choudhury and Hahne, https://doi.org/10.1109/90.664262
 */
export class ClientBudget {
  remaining: number;
  private readonly usedBy = new Map<string, number>();

  constructor(total: number) {
    this.remaining = total;
  }

  /** Returns false, and reserves nothing, if the client would exceed its share. */
  reserve(client: string, amount: number): boolean {
    const used = (this.usedBy.get(client) ?? 0) + amount;
    const remaining = this.remaining - amount;
    if (used > OWN_TO_REMAINING * remaining) return false;
    this.usedBy.set(client, used);
    this.remaining = remaining;
    return true;
  }

  release(client: string, amount: number): void {
    const used = (this.usedBy.get(client) ?? 0) - amount;
    if (used > 0) this.usedBy.set(client, used);
    else this.usedBy.delete(client);
    this.remaining += amount;
  }
}
