import type { Offer } from '../../../roles/storage/customer/find-providers.ts'
import { replacementsFor } from '../../../roles/storage/customer/find-replacements.ts'
import { isHealthy, planRepair, type SegmentRepair } from '../../../roles/storage/protocol/plan-repair.ts'
import type { Profile } from '../../../roles/storage/protocol/profiles.ts'
import type { Population } from './population.ts'

/** The customer's computer, which alone repairs (PROTOCOL 5.7), is on when it is asked as often as any home. */
const customerOnline = 0.75
/** Homes that a customer asks for room; the survey of a real one is as wide as the registry. */
const asked = 80
const daySeconds = 86_400
const newOperatorSeconds = 30 * daySeconds

type Options = { readonly files: number; readonly profile: Profile; readonly repair: boolean }

/** All pieces of all files, in flat arrays (two million objects would be slow and large); piece `row` of file f is f * n + row. */
export class StoredFiles {
  readonly stats = { lost: 0, repairs: 0, piecesMade: 0, waitedDays: [] as number[] }
  readonly #options: Options
  readonly #population: Population
  readonly #random: () => number
  readonly #holder: Int32Array
  readonly #placedGeneration: Uint32Array
  readonly #firstPeriod: Int32Array
  readonly #lostDay: Int32Array
  readonly #dueSince: Int32Array
  readonly #gone: Uint8Array
  readonly #set = { state: 'active' as const, lastProvenPeriod: 0 as number | null, firstPeriod: 0 }

  /** Places every file on day zero. Throws RangeError when there are too few homes for the code. */
  constructor(options: Options, population: Population, random: () => number) {
    const { n } = options.profile
    const size = options.files * n
    this.#options = options
    this.#population = population
    this.#random = random
    this.#holder = new Int32Array(size)
    this.#placedGeneration = new Uint32Array(size)
    this.#firstPeriod = new Int32Array(size)
    this.#lostDay = new Int32Array(size).fill(-1)
    this.#dueSince = new Int32Array(options.files).fill(-1)
    this.#gone = new Uint8Array(options.files)
    const rows = Array.from({ length: n }, (_, row) => row)
    for (let file = 0; file < options.files; file++) {
      if (!this.#fill(file, rows, [], 0)) throw new RangeError('There are too few homes for this code.')
    }
  }

  isLost(file: number): boolean {
    return this.#gone[file] === 1
  }

  /** Pieces that still exist, of those healthy as the chain tells, and proven today. */
  look(file: number, day: number): { alive: number; healthy: number; proven: number } {
    const { n } = this.#options.profile
    const { generation, lastOnlineDay } = this.#population
    let [alive, healthy, proven] = [0, 0, 0]
    for (let at = file * n; at < (file + 1) * n; at++) {
      const home = this.#holder[at]!
      if (this.#lostDay[at] === -1 && this.#placedGeneration[at] !== generation[home]) this.#lostDay[at] = day
      if (this.#lostDay[at] === -1) alive++
      if (this.#lostDay[at] === -1 && lastOnlineDay[home] === day) proven++
      if (this.#isHealthy(at, day)) healthy++
    }
    return { alive, healthy, proven }
  }

  lose(file: number): void {
    this.#gone[file] = 1
    this.stats.lost++
  }

  notDue(file: number): void {
    this.#dueSince[file] = -1
  }

  /** The file is due: repairs it if the customer is there, k pieces can be fetched and enough homes are found. */
  due(file: number, day: number): void {
    if (this.#dueSince[file] === -1) this.#dueSince[file] = day
    if (!this.#options.repair || this.#random() >= customerOnline) return
    const plan = this.#plan(file, day)
    if (!plan || this.#fetchable(file) < this.#options.profile.k) return
    const { n } = this.#options.profile
    const kept = plan.kept.map(({ index }) => this.#population.offers[this.#holder[file * n + index]!]!)
    const rows = plan.lost.map(({ index }) => index)
    if (!this.#fill(file, rows, kept, day)) return
    const waited = day - this.#dueSince[file]!
    this.stats.waitedDays[waited] = (this.stats.waitedDays[waited] ?? 0) + 1
    this.stats.repairs++
    this.stats.piecesMade += rows.length
    this.#dueSince[file] = -1
  }

  #plan(file: number, day: number): SegmentRepair | undefined {
    const { k, n } = this.#options.profile
    const pieces = Array.from({ length: n }, (_, index) => ({ index, node: `${index}` }))
    const holds = (node: string): boolean => this.#isHealthy(file * n + Number(node), day)
    // That it is due was decided by whoever asks.
    return planRepair({ k, n, segments: [{ pieces }] }, holds, { everything: true })[0]
  }

  #fetchable(file: number): number {
    const { n } = this.#options.profile
    let there = 0
    for (let at = file * n; at < (file + 1) * n; at++) {
      if (this.#lostDay[at] === -1 && this.#population.online[this.#holder[at]!] === 1) there++
    }
    return there
  }

  #isHealthy(at: number, day: number): boolean {
    const seen = this.#population.lastOnlineDay[this.#holder[at]!]!
    const lost = this.#lostDay[at]!
    const last = lost === -1 ? seen : Math.min(lost - 1, seen)
    this.#set.firstPeriod = this.#firstPeriod[at]!
    this.#set.lastProvenPeriod = last >= this.#set.firstPeriod ? last : null
    return isHealthy(this.#set, day)
  }

  /** Homes that are on now and answer, by the name of their node. */
  #survey(): Map<string, number> {
    const { online, offers } = this.#population
    const found = new Map<string, number>()
    for (let tries = 0; found.size < asked && tries < asked * 4; tries++) {
      const home = Math.floor(this.#random() * offers.length)
      if (online[home] === 1) found.set(offers[home]!.node, home)
    }
    return found
  }

  /** Puts new pieces into rows of a file; false when too few homes are fit for it. */
  #fill(file: number, rows: readonly number[], kept: readonly Offer[], day: number): boolean {
    const { offers, generation } = this.#population
    const homes = this.#survey()
    const found = [...homes.values()].map((home) => offers[home]!)
    const rules = {
      neededBytes: 1,
      newOperatorSeconds,
      nowSeconds: day * daySeconds,
      mustInclude: [],
      usualPrices: found,
      random: this.#random,
    }
    const segment = { holders: kept, missing: rows.length, excluded: new Set<string>() }
    const chosen = replacementsFor({ offers: [...found, ...kept], rules }, segment)
    if (chosen.length < rows.length) return false
    for (const [index, row] of rows.entries()) {
      const at = file * this.#options.profile.n + row
      const home = homes.get(chosen[index]!.node)!
      this.#holder[at] = home
      this.#placedGeneration[at] = generation[home]!
      this.#firstPeriod[at] = day + 1
      this.#lostDay[at] = -1
    }
    return true
  }
}
