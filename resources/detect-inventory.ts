import { probeDisks } from './disks/probe-disks.ts'
import { probeGpus } from './gpus/probe-gpus.ts'
import type { Inventory, ProbeName } from './inventory.ts'
import { probeMeters } from './meters/probe-meters.ts'
import { describeNetwork, probeNetwork } from './network/probe-network.ts'
import { probePower, readProcessor } from './power/probe-power.ts'
import { probeTimeoutMs, runProbe } from './run-probe.ts'
import type { SystemSources } from './system-sources.ts'

export type DetectOptions = {
  /** Its file system is always part of the answer. */
  readonly homeDirectory: string
  /** Gets what is known so far: first within a few hundred milliseconds, then after each probe. */
  readonly onPartial?: ((inventory: Inventory) => void) | undefined
  /** An earlier complete answer of at most this age is good enough; by default it is measured anew. */
  readonly maxAgeMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export type DetectInventory = (options: DetectOptions) => Promise<Inventory>

/** What is known without asking anything slow. */
function begin(sources: SystemSources): Inventory {
  return {
    measuredAtMs: Date.now(),
    disks: [],
    gpus: [],
    meters: [],
    power: readProcessor(sources),
    network: describeNetwork(sources.addresses(), []),
    probes: [],
  }
}

async function detect(sources: SystemSources, timeoutMs: number, options: DetectOptions): Promise<Inventory> {
  const { signal } = options
  let current = begin(sources)
  const tell = (part: Partial<Inventory>) => {
    current = { ...current, measuredAtMs: Date.now(), ...part }
    if (signal?.aborted !== true) options.onPartial?.(current)
  }
  const probe = async <T>(name: ProbeName, measure: () => Promise<T>, keep: (value: T) => Partial<Inventory>) => {
    const { state, value } = await runProbe(name, measure, { timeoutMs, signal })
    tell({ probes: [...current.probes, state], ...(value === null ? {} : keep(value)) })
  }
  const home = (disks: Inventory['disks']) => tell({ disks })
  await Promise.all([
    probe(
      'disks',
      () => probeDisks(options.homeDirectory, sources, home),
      (disks) => ({ disks }),
    ),
    probe(
      'gpus',
      () => probeGpus(sources),
      (gpus) => ({ gpus }),
    ),
    probe(
      'meters',
      () => probeMeters(sources),
      (meters) => ({ meters }),
    ),
    probe(
      'power',
      () => probePower(sources),
      (power) => ({ power }),
    ),
    probe(
      'network',
      () => probeNetwork(sources),
      (network) => ({ network }),
    ),
  ])
  return current
}

/**
 * Makes the function that takes stock of a machine. Each probe has its own time limit and spoils no other; the last complete
 * answer per home is remembered for those who accept one of some age.
 */
export function createDetector(sources: SystemSources, settings: { timeoutMs?: number } = {}): DetectInventory {
  const remembered = new Map<string, Inventory>()
  return async (options) => {
    const known = remembered.get(options.homeDirectory)
    if (known !== undefined && Date.now() - known.measuredAtMs <= (options.maxAgeMs ?? -1)) return known
    const inventory = await detect(sources, settings.timeoutMs ?? probeTimeoutMs, options)
    remembered.set(options.homeDirectory, inventory)
    return inventory
  }
}
