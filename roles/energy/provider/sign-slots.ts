import type { MeterDriver, MeterReading, Trouble } from '../../../resources/meters/index.ts'
import {
  isTradable,
  type MeterSite,
  newSlotMeter,
  type SlotEnergy,
  type SlotMeter,
  stepSlotMeter,
} from '../../../resources/meters/plausibility/index.ts'
import type { Log, Undo } from '../../api/values.ts'
import type { Community } from '../protocol/market.ts'
import { zeroHash } from '../protocol/settlement/settle-day.ts'
import type { EnergyTiming } from '../protocol/slots.ts'
import { type EnergyMessage, energyHash, type SlotReading } from '../protocol/typed-data.ts'

/** A slot of the own meter. What was estimated is kept for the person and not signed: it is not traded. */
export type MeteredSlot = {
  readonly energy: SlotEnergy
  readonly signed: { readonly reading: SlotReading; readonly hash: string; readonly signature: string } | null
}

/** In whose name readings are signed, and for which community. */
export type SlotSigning = {
  readonly at: Community
  readonly node: string
  /** The admitted meter, 32 bytes as hex. */
  readonly meter: string
  readonly sign: (message: EnergyMessage) => Promise<string>
  readonly randomHex: () => string
}

export type SlotSigner = {
  readonly driver: MeterDriver
  readonly site: MeterSite
  readonly timing: Pick<EnergyTiming, 'slotSeconds' | 'slotsPerDay'>
  /** Null while the meter is in no community: its slots are told and not signed. */
  readonly signing: SlotSigning | null
  /** Where a run before this one ended; a slot that it had told is never signed again. */
  readonly resume?: { readonly meter: SlotMeter; readonly previousHash: string; readonly lastSlot: number }
  /** Each finished slot, in order; with the last of those that one reading finished, what the next slots are made from. */
  readonly onSlot: (slot: MeteredSlot, meter: SlotMeter | null) => void
  readonly onTrouble: (trouble: Trouble) => void
  readonly log: Log
}

/** Signing at work. */
export type SlotSigningRun = {
  /** Ends reading; a slot that is being signed then is still told. */
  readonly undo: Undo
  /** Resolves when all slots that were finished until now are told, or could not be. */
  settled(): Promise<void>
}

/**
 * Turns a live meter into signed readings, one per slot: register differences at the slot's borders, each bound to the one before by its hash
 * (DESIGN 5.3). No slot is signed twice, whatever the clock of the computer does.
 */
export function signSlots(options: SlotSigner): SlotSigningRun {
  const { site, timing, log } = options
  const lengths = { slotMs: timing.slotSeconds * 1000, slotsPerDay: timing.slotsPerDay }
  let meter: SlotMeter = options.resume?.meter ?? newSlotMeter
  let lastSlot = options.resume?.lastSlot ?? -1
  let chain = Promise.resolve(options.resume?.previousHash ?? zeroHash)
  const undo = options.driver.subscribe({
    reading(reading) {
      const step = stepSlotMeter(meter, reading, { site, timing: lengths })
      meter = step.meter
      const ends = registersAtEnds(reading, step.meter, step.finished)
      step.finished.forEach((energy, index) => {
        if (energy.slot <= lastSlot) return
        lastSlot = energy.slot
        const after = index === step.finished.length - 1 ? step.meter : null
        chain = chain.then((previous) =>
          tell(options, { energy, ends: ends[index]!, after }, previous).catch((error: unknown) => {
            log.error('A slot could not be signed or kept.', { slot: energy.slot, error: String(error) })
            // The next one follows the last that was signed.
            return previous
          }),
        )
      })
    },
    trouble: options.onTrouble,
  })
  return {
    undo,
    async settled() {
      await chain
    },
  }
}

type Registers = { readonly importRegisterWh: number; readonly exportRegisterWh: number }

/** The registers at the end of each finished slot: what the meter says now, less what it counted since. */
function registersAtEnds(reading: MeterReading, meter: SlotMeter, finished: readonly SlotEnergy[]): Registers[] {
  let importRegisterWh = (reading.importWh ?? 0) - (meter.sinceBorder?.importWh ?? 0)
  let exportRegisterWh = (reading.exportWh ?? 0) - (meter.sinceBorder?.exportWh ?? 0)
  return finished
    .toReversed()
    .map((energy) => {
      const ends = { importRegisterWh, exportRegisterWh }
      importRegisterWh -= energy.raw.importWh ?? 0
      exportRegisterWh -= energy.raw.exportWh ?? 0
      return ends
    })
    .toReversed()
}

/** Signs and tells a slot; resolves with the hash that the next one names. */
async function tell(
  options: SlotSigner,
  { energy, ends, after }: { energy: SlotEnergy; ends: Registers; after: SlotMeter | null },
  previous: string,
): Promise<string> {
  const { signing, onSlot } = options
  if (signing === null || !isTradable(energy)) {
    onSlot({ energy, signed: null }, after)
    return previous
  }
  const { at, node, meter, sign, randomHex } = signing
  const reading: SlotReading = {
    node,
    community: at.community,
    slot: energy.slot,
    meter,
    ...ends,
    importWh: energy.importWh ?? 0,
    exportWh: energy.exportWh ?? 0,
    previous,
    nonce: randomHex(),
  }
  const message = { kind: 'Reading', value: reading } as const
  const signature = await sign(message)
  const hash = energyHash(at, message)
  onSlot({ energy, signed: { reading, hash, signature } }, after)
  return hash
}
