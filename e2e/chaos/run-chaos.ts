import { setTimeout as wait } from 'node:timers/promises'
import { createRandom } from '../bench/durability/random.ts'
import { auditCustomer } from './audit-customer.ts'
import { auditProvider, leftovers, newProviderMemory, type ProviderMemory } from './audit-provider.ts'
import type { ChaosProcess } from './chaos-process.ts'
import { get, leap, letScrubBeDue, phases, put, repair, unproven } from './operations.ts'
import type { Outcome, Phase, StoredFile } from './operations.ts'
import { reconcileBooks } from './reconcile-books.ts'
import { startTown, type ChaosProvider, type ChaosTown } from './start-town.ts'

export type ChaosOptions = {
  readonly kills: number
  readonly providers: number
  /** Same seed, same operations, victims, sizes and moments (to the millisecond that the machine grants). */
  readonly seed: number
  /** What to do in the first cycles; after it, and without it, phases are drawn. */
  readonly plan?: readonly Phase[]
  readonly onCycle?: (told: { cycle: number; phase: Phase; kills: number; wrong: number }) => void
}

export type ChaosResult = {
  readonly kills: Readonly<Record<Phase, number>>
  /** Of these, deaths exactly at a write boundary, and deaths of the customer. */
  readonly atBoundary: number
  readonly ofCustomer: number
  /** How the operations under fire ended. */
  readonly outcomes: Readonly<Record<string, number>>
  /** Proofs that came too late for their period although their provider was back: faults, not losses. */
  readonly periodsMissed: number
  readonly providerReadyMs: readonly number[]
  readonly providerReadyCpuMs: readonly number[]
  readonly customerReadyMs: readonly number[]
  readonly acknowledged: Readonly<Record<'files' | 'pieces' | 'proofs' | 'vouchers', number>>
  readonly paidWei: bigint
  /** What was lost, counted twice, half served or does not add up. Empty when all is well. */
  readonly wrong: readonly string[]
}

/** How often each phase comes, and how long one lasts at first guess; the guess follows what is measured. */
const shares: Readonly<Record<Phase, number>> = { put: 0.25, get: 0.3, proof: 0.2, scrub: 0.13, repair: 0.12 }
const firstGuessMs: Readonly<Record<Phase, number>> = { put: 2_500, get: 400, proof: 2_500, scrub: 700, repair: 2_500 }
/** A provider that takes one piece passes about so many write boundaries. */
const boundariesAtMost = 24
const customerDies = 0.25
const proofPatienceMs = 25_000
/** Periods after which a home that is away counts as lost. */
const periodsAway = 4
const filesPerAbsence = 10

/** Kills processes at random while they work, starts them again, and checks after each what they had acknowledged. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const town = await startTown(options)
  try {
    const run = new ChaosRun(town, options)
    while (run.killed < options.kills) await run.cycle()
    return await run.finish()
  } finally {
    await town.stop()
  }
}

class ChaosRun {
  readonly #town: ChaosTown
  readonly #options: ChaosOptions
  readonly #random: () => number
  readonly #memories = new Map<ChaosProvider, ProviderMemory>()
  readonly #files: StoredFile[] = []
  readonly #kills = Object.fromEntries(phases.map((phase) => [phase, 0])) as Record<Phase, number>
  readonly #guessMs = { ...firstGuessMs }
  readonly #outcomes: Record<string, number> = {}
  readonly #wrong: string[] = []
  #starting: Promise<void> = Promise.resolve()
  #cycles = 0
  #atBoundary = 0
  #ofCustomer = 0
  #periodsMissed = 0
  #away: { readonly provider: ChaosProvider; readonly files: StoredFile[] } | null = null

  constructor(town: ChaosTown, options: ChaosOptions) {
    this.#town = town
    this.#options = options
    this.#random = createRandom(options.seed)
    for (const provider of town.providers) this.#memories.set(provider, newProviderMemory())
  }

  get killed(): number {
    return Object.values(this.#kills).reduce((sum, count) => sum + count, 0)
  }

  /** One operation under fire, and the look at everybody who died in it. */
  async cycle(): Promise<void> {
    const phase = this.#files.length === 0 ? 'put' : this.#pickPhase()
    if (phase === 'repair') await this.#sendSomebodyAway()
    const victims = this.#pickVictims(phase)
    const startMs = performance.now()
    const operation = this.#operate(phase).then(() => {
      this.#guessMs[phase] = 0.7 * this.#guessMs[phase] + 0.3 * Math.min(5_000, performance.now() - startMs)
    })
    const deaths = victims.map((victim) => this.#killAndStart(victim, phase))
    if (phase !== 'proof' && phase !== 'scrub' && this.#random() < customerDies) deaths.push(this.#killCustomer(phase))
    await Promise.all([operation, ...deaths])
    for (const victim of victims) this.#audit(victim, false)
    const told = { cycle: ++this.#cycles, phase, kills: this.killed, wrong: this.#wrong.length }
    this.#options.onCycle?.(told)
  }

  /** Lets all come to rest, reads every file back, hashes every piece and compares the books. */
  async finish(): Promise<ChaosResult> {
    await this.#bringBack()
    await this.#prove()
    for (const file of this.#files) {
      const { outcome, wrong } = await get(this.#town, file)
      this.#wrong.push(...wrong)
      if (outcome.kind !== 'done') this.#wrong.push(`the stored file ${file.name} does not come back: ${tell(outcome)}`)
    }
    for (const provider of this.#town.providers) {
      this.#audit(provider, true)
      this.#wrong.push(...leftovers(provider))
    }
    this.#wrong.push(...(await auditCustomer(this.#town)))
    const { wrong, paidWei } = await reconcileBooks(this.#town)
    this.#wrong.push(...wrong)
    return { ...this.#counts(), paidWei, wrong: this.#wrong }
  }

  #counts(): Omit<ChaosResult, 'paidWei' | 'wrong'> {
    const said = this.#town.providers.flatMap((provider) => provider.said)
    const count = (kind: string): number =>
      said.filter((line) => line.kind === 'event' && line.event.kind === kind).length
    return {
      kills: this.#kills,
      atBoundary: this.#atBoundary,
      ofCustomer: this.#ofCustomer,
      outcomes: this.#outcomes,
      periodsMissed: this.#periodsMissed,
      // The first life of each compiles; a restart is what is promised.
      providerReadyMs: this.#town.providers.flatMap(({ process }) => process.readyAfterMs.slice(1)),
      providerReadyCpuMs: this.#town.providers.flatMap(({ process }) => process.readyCpuMs.slice(1)),
      customerReadyMs: this.#town.customer.readyAfterMs.slice(1),
      acknowledged: {
        files: this.#files.length,
        pieces: count('pieceStored'),
        proofs: count('proofAccepted'),
        vouchers: count('voucherReceived'),
      },
    }
  }

  #pickPhase(): Phase {
    const planned = this.#options.plan?.[this.#cycles]
    if (planned !== undefined) return planned
    let left = this.#random()
    return phases.find((phase) => (left -= shares[phase]) < 0) ?? 'get'
  }

  /** One to five that live; a put needs fifteen of those that are left at its beginning, a get four of twelve. */
  #pickVictims(phase: Phase): ChaosProvider[] {
    const living = this.#town.providers.filter((provider) => provider !== this.#away?.provider)
    const count = 1 + Math.floor(this.#random() * (phase === 'put' || phase === 'repair' ? 2 : 5))
    return Array.from({ length: count }, () => living.splice(Math.floor(this.#random() * living.length), 1)[0]!)
  }

  async #operate(phase: Phase): Promise<void> {
    switch (phase) {
      case 'put': {
        const bytes = 1 + Math.floor(this.#random() ** 3 * 6_000_000)
        const [outcome, file] = await put(this.#town, `file-${this.#cycles}`, bytes)
        if (file !== null) this.#files.push(file)
        return this.#note(phase, outcome)
      }
      case 'get': {
        const { outcome, wrong } = await get(this.#town, this.#files[Math.floor(this.#random() * this.#files.length)]!)
        this.#wrong.push(...wrong)
        return this.#note(phase, outcome)
      }
      case 'proof':
        return await this.#prove()
      case 'repair': {
        const file = this.#away!.files.pop()!
        this.#note(phase, await repair(this.#town, file))
        return this.#away!.files.length === 0 ? await this.#bringBack() : undefined
      }
      case 'scrub':
        return
    }
  }

  #note(phase: Phase, outcome: Outcome): void {
    const key = outcome.kind === 'failed' ? `${phase} ${outcome.code}` : `${phase} ${outcome.kind}`
    this.#outcomes[key] = (this.#outcomes[key] ?? 0) + 1
    // Under fire a refusal with its reason is honest; an error without a code is a bug.
    if (outcome.kind === 'failed' && outcome.code === 'UNKNOWN') this.#wrong.push(`${phase}: ${outcome.message}`)
  }

  /** Leaps to the next period and waits for the proofs of all who live. */
  async #prove(): Promise<void> {
    const nodes = new Set(this.#town.providers.filter((each) => each !== this.#away?.provider).map(({ node }) => node))
    const { period } = await leap(this.#town)
    const deadline = performance.now() + proofPatienceMs
    let missing = await unproven(this.#town, period, nodes)
    while (missing.length > 0 && performance.now() < deadline) {
      await wait(300)
      missing = await unproven(this.#town, period, nodes)
    }
    this.#periodsMissed += missing.length
  }

  async #killAndStart(victim: ChaosProvider, phase: Phase): Promise<void> {
    if (phase === 'scrub') {
      await this.#die(victim.process, phase, this.#random() * 50)
      letScrubBeDue(victim)
      await this.#start(victim.process)
    }
    const boundary = this.#random() < 0.6 && (phase === 'put' || phase === 'repair')
    const afterMs = this.#random() * this.#guessMs[phase]
    if (boundary) {
      victim.process.order({ kind: 'dieAt', boundaries: 1 + Math.floor(this.#random() * boundariesAtMost) })
      await Promise.race([victim.process.ended, wait(this.#guessMs[phase])])
      if (!victim.process.lives) this.#atBoundary++
    }
    await this.#die(victim.process, phase, boundary ? 0 : afterMs)
    await this.#start(victim.process)
  }

  async #killCustomer(phase: Phase): Promise<void> {
    this.#ofCustomer++
    await this.#die(this.#town.customer, phase, this.#random() * this.#guessMs[phase])
    await this.#start(this.#town.customer)
  }

  /** One after the other: what is measured is a home that starts again, not a machine that starts five. */
  #start(process: ChaosProcess): Promise<void> {
    const start = this.#starting.then(() => process.start())
    this.#starting = start.catch(() => undefined)
    return start
  }

  async #die(process: ChaosProcess, phase: Phase, afterMs: number): Promise<void> {
    await wait(afterMs)
    await process.kill()
    this.#kills[phase]++
  }

  /** A repair needs a loss: one provider stays dead until several files have been rebuilt without it. */
  async #sendSomebodyAway(): Promise<void> {
    if (this.#away !== null) return
    const provider = this.#town.providers[Math.floor(this.#random() * this.#town.providers.length)]!
    await this.#die(provider.process, 'repair', 0)
    const files = [...this.#files].sort(() => this.#random() - 0.5).slice(0, filesPerAbsence)
    this.#away = { provider, files }
    for (let period = 0; period < periodsAway; period++) await this.#prove()
  }

  async #bringBack(): Promise<void> {
    if (this.#away === null) return
    const { provider } = this.#away
    await this.#start(provider.process)
    this.#away = null
    this.#audit(provider, false)
  }

  #audit(provider: ChaosProvider, all: boolean): void {
    this.#wrong.push(...auditProvider(provider, this.#memories.get(provider)!, { all }))
  }
}

function tell(outcome: Outcome): string {
  return outcome.kind === 'failed' ? `${outcome.code} ${outcome.message}` : outcome.kind
}
