import { join } from 'node:path'
import {
  type EnergyMarketTiming,
  type NetworkFile,
  openChain,
  readEnergyTiming,
} from '../../../contracts/client/index.ts'
import { MeterError, openMeter } from '../../../resources/meters/index.ts'
import type { MeterSite } from '../../../resources/meters/plausibility/index.ts'
import type { EnergyStatus, MeterChoice } from '../../api/energy-status.ts'
import { FatalRoleError } from '../../api/errors.ts'
import type { Log } from '../../api/values.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import { openDatabase } from '../../persistence/index.ts'
import { createProblems } from '../../upkeep/problems.ts'
import { firstLook, networkOfStart } from '../../upkeep/start-parts.ts'
import { createReadingBook, readingMigrations } from './reading-book.ts'
import { meterProblem, runMeter } from './run-meter.ts'

const [nominalVolts, nominalHertz] = [230, 50]
/** Meters that must be asked are asked so often that no border of a slot is far from a reading. */
const asksPerSlot = 6
const longestPauseMs = 10_000
/** Worst first. */
const energyProblems = [meterProblem, 'NOT_TRADING_YET']

/**
 * Starts the energy role: reads the chosen meter and keeps the energy of each slot, with what was found wrong with it. Nothing is signed or
 * traded yet in this version, which is said as a problem. Rejects with FatalRoleError when no meter was chosen, or one
 * that no driver can read.
 */
export async function startEnergyRole(context: RoleContext): Promise<RunningRole> {
  const { start, log } = context
  const network = networkOfStart(start)
  const choice = chosenMeter(start.meter)
  const timing = await readTiming(network, log)
  const intervalMs = Math.min((timing.slotSeconds * 1_000) / asksPerSlot, longestPauseMs)
  const driver = await openMeter({ ...choice, intervalMs }).catch((error: unknown) => {
    if (!(error instanceof MeterError)) throw error
    throw new FatalRoleError('METER_WRONG', error.message, {
      action: 'Choose the meter again with `hearth meter use`.',
    })
  })
  const database = openDatabase(join(start.dataDirectory, 'energy.sqlite'), readingMigrations)
  const problems = createProblems(context, energyProblems)
  problems.raise({
    code: 'NOT_TRADING_YET',
    message: 'Your meter is read and its energy is kept. This version of Hearth does not trade it yet.',
    action: null,
  })
  let energy = emptyStatus(choice)
  const change = (part: Partial<EnergyStatus>) => {
    energy = { ...energy, ...part }
    context.changed()
  }
  const meter = runMeter(
    { driver, site: siteOf(choice), timing, signing: null, book: createReadingBook(database), problems, log },
    {
      reading: ({ meterId, receiveTime, powerW, importWh, exportWh }) =>
        change({ meterId, lastReadingAtMs: Date.parse(receiveTime), powerW, importWh, exportWh }),
      slot({ energy: { slot, importWh, exportWh, quality, findings } }) {
        const counted = quality === 'measured' ? 'slotsMeasured' : 'slotsEstimated'
        change({ lastSlot: { slot, importWh, exportWh, quality, findings }, [counted]: energy[counted] + 1 })
      },
    },
  )
  let stopped: Promise<void> | null = null
  const stop = () => (stopped ??= meter.stop().finally(() => database.close()))
  return {
    status: () => ({
      ...{ peerId: null, multiaddrs: [], peers: 0, lastAcceptedWorkAtMs: null, storage: null },
      energy,
      problems: problems.list(),
    }),
    drain: stop,
    stop,
  }
}

/** Lengths of slots, as the network's `EnergyMarket` has them for good. */
async function readTiming(network: NetworkFile, log: Log): Promise<EnergyMarketTiming> {
  const chain = openChain(network)
  return firstLook(() => readEnergyTiming(chain), log).finally(() => chain.close())
}

function chosenMeter(choice: MeterChoice | null | undefined): MeterChoice {
  if (choice !== null && choice !== undefined) return choice
  throw new FatalRoleError('NO_METER', 'No meter is chosen for the energy role.', {
    action: 'Find one with `hearth meter scan` and choose it with `hearth meter use`.',
  })
}

function siteOf({ driver: _driver, target: _target, ...house }: MeterChoice): MeterSite {
  return { ...house, meterId: null, nominalVolts, nominalHertz }
}

function emptyStatus({ driver }: MeterChoice): EnergyStatus {
  const nothing = { meterId: null, lastReadingAtMs: null, powerW: null, importWh: null, exportWh: null, lastSlot: null }
  return { driver, ...nothing, slotsMeasured: 0, slotsEstimated: 0 }
}
