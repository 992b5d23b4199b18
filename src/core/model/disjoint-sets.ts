/** Disjoint sets of names (union–find). https://en.wikipedia.org/wiki/Disjoint-set_data_structure */
export class DisjointSets {
  #parents = new Map<string, string>();

  find(name: string): string {
    let current = name;
    for (
      let parent = this.#parents.get(current);
      parent !== undefined && parent !== current;
      parent = this.#parents.get(current)
    ) {
      // Path halving keeps the chains short.
      const grandparent = this.#parents.get(parent) ?? parent;
      this.#parents.set(current, grandparent);
      current = grandparent;
    }
    return current;
  }

  has(name: string): boolean {
    return this.#parents.has(name);
  }

  union(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    this.#parents.set(rootB, rootA);
  }
}
