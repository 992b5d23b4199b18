/** Disjoint sets of names. */
export class Sets {
  #parents = new Map<string, string>();

  find(name: string): string {
    let root = name;
    let up = this.#parents.get(root);
    while (up !== undefined && up !== root) {
      this.#parents.set(name, up);
      root = up;
      up = this.#parents.get(root);
    }
    return root;
  }

  has(name: string): boolean {
    return this.#parents.has(name);
  }

  join(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    this.#parents.set(rootB, rootA);
  }
}
