/** How a provider has behaved in this process; the good ones are asked first. */
export class PeerRecord {
  readonly #failures = new Map<string, number>()
  readonly #served = new Set<string>()

  failed(node: string): void {
    this.#failures.set(node, (this.#failures.get(node) ?? 0) + 1)
    this.#served.delete(node)
  }

  served(node: string): void {
    this.#served.add(node)
    this.#failures.delete(node)
  }

  isGood(node: string): boolean {
    return this.#served.has(node)
  }

  /** Lower is better: proven ones, then unknown ones, then those that failed, worst last. */
  rank(node: string): number {
    return this.#served.has(node) ? -1 : (this.#failures.get(node) ?? 0)
  }
}
