/** Disjoint sets of names (union–find). https://en.wikipedia.org/wiki/Disjoint-set_data_structure */
export class DisjointSets {
  #parents = new Map<string, string>();

  find(name: string): string {
    let at = name;
    for (let up = this.#parents.get(at); up !== undefined && up !== at; up = this.#parents.get(at)) {
      // Path halving keeps the chains short.
      const above = this.#parents.get(up) ?? up;
      this.#parents.set(at, above);
      at = above;
    }
    return at;
  }

  has(name: string): boolean {
    return this.#parents.has(name);
  }

  union(a: string, b: string): void {
    const [rootA, rootB] = [this.find(a), this.find(b)];
    this.#parents.set(rootB, rootA);
  }
}
