import { addAmount, addressText, addressWords, amountWords, readAmount } from './words.ts'

/** What a record holds, in words: the key (address and role), then what was burned before an epoch and in it, and a mark. */
const roleAt = addressWords
const beforeAt = roleAt + 1
const withinAt = beforeAt + amountWords
const paidAt = withinAt + amountWords
/** Sixteen words are a line of the processor's cache: all of a record is fetched at once. */
const recordWords = 16
const firstCapacity = 1024

/** What one account burned: wei before an epoch, and in it. */
export type Burned = { readonly beforeWei: bigint; readonly withinWei: bigint }

/**
 * Sums by account (an operator in a role), numbered from 0 in the order in which they are first asked for. An open hash table over
 * typed arrays, at most half full: millions of accounts take 72 to 144 bytes each and no object.
 *
 * Addresses are hashes of keys, so making thousands that meet in one place costs far more than the time it wastes here.
 */
export class AccountTable {
  #count = 0
  #records = new Uint32Array(firstCapacity * recordWords)
  /** Number of the account plus one; zero is free. */
  #slots = new Uint32Array(firstCapacity * 2)

  get count(): number {
    return this.#count
  }

  operatorOf(account: number): string {
    return addressText(this.#records, account * recordWords)
  }

  roleOf(account: number): number {
    return this.#records[account * recordWords + roleAt]!
  }

  /** Whether the account was paid in the epoch, were it nothing. */
  wasPaid(account: number): boolean {
    return this.#records[account * recordWords + paidAt] === 1
  }

  burnedOf(account: number): Burned {
    const record = account * recordWords
    return {
      beforeWei: readAmount(this.#records, record + beforeAt),
      withinWei: readAmount(this.#records, record + withinAt),
    }
  }

  addBefore(account: number, amount: DataView): void {
    addAmount(this.#records, account * recordWords + beforeAt, amount)
  }

  addWithin(account: number, amount: DataView): void {
    const record = account * recordWords
    addAmount(this.#records, record + withinAt, amount)
    this.#records[record + paidAt] = 1
  }

  /** The number of an account, a new one where it was not known. */
  numberOf(address: Uint32Array, role: number): number {
    if (this.#count * 2 === this.#slots.length) this.#grow()
    const mask = this.#slots.length - 1
    for (let slot = hashOf(address, 0, role) & mask; ; slot = (slot + 1) & mask) {
      const taken = this.#slots[slot]!
      if (taken === 0) {
        this.#slots[slot] = this.#count + 1
        return this.#add(address, role)
      }
      if (this.#isAt(taken - 1, address, role)) return taken - 1
    }
  }

  #add(address: Uint32Array, role: number): number {
    const record = this.#count * recordWords
    for (let word = 0; word < addressWords; word++) this.#records[record + word] = address[word]!
    this.#records[record + roleAt] = role
    return this.#count++
  }

  #isAt(account: number, address: Uint32Array, role: number): boolean {
    const records = this.#records
    const record = account * recordWords
    if (records[record + roleAt] !== role) return false
    for (let word = 0; word < addressWords; word++) if (records[record + word] !== address[word]) return false
    return true
  }

  #grow(): void {
    const records = new Uint32Array(this.#records.length * 2)
    records.set(this.#records)
    this.#records = records
    this.#slots = new Uint32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let account = 0; account < this.#count; account++) {
      let slot = hashOf(records, account * recordWords, this.roleOf(account)) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = account + 1
    }
  }
}

/** Spreads a key over 32 bits: each word is mixed in by a multiplication, then its high bits are brought down. */
function hashOf(words: Uint32Array, at: number, role: number): number {
  let hash = role + 1
  for (let word = 0; word < addressWords; word++) {
    hash = Math.imul(hash ^ words[at + word]!, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  return hash >>> 0
}
