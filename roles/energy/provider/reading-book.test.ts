import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, randomBytes, SigningKey, Wallet } from 'ethers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MeterDriver, MeterListener, MeterReading } from '../../../resources/meters/index.ts'
import type { MeterSite } from '../../../resources/meters/plausibility/index.ts'
import { readingAt } from '../../../resources/meters/testing/readings.ts'
import { silentLog } from '../../api/values.ts'
import { openDatabase, type Database } from '../../persistence/index.ts'
import { judgeReadings } from '../protocol/settlement/verify-readings.ts'
import { sampleCommunity } from '../protocol/testing/sample-day.ts'
import { energyHash, type EnergyMessage, type SlotReading } from '../protocol/typed-data.ts'
import { createReadingBook, readingMigrations } from './reading-book.ts'
import { meterProblem, runMeter, type RunningMeter } from './run-meter.ts'
import type { MeteredSlot } from './sign-slots.ts'

const timing = { slotSeconds: 900, gateSeconds: 300, revealSeconds: 30, receiptSeconds: 20, slotsPerDay: 96 }
const slotMs = timing.slotSeconds * 1_000
const firstSlot = 2_000_000
const key = new SigningKey(hexlify(randomBytes(32)))
const node = new Wallet(key).address
const meter = `0x${'ab'.repeat(32)}`
const site: MeterSite = {
  kind: 'grid',
  meterId: null,
  connectionW: 17_250,
  panelPeakW: 5_000,
  hasBattery: true,
  place: null,
  nominalVolts: 230,
  nominalHertz: 50,
}

/** A driver that tells what the test says; the far ends of real lines are tested in resources/meters. */
function heldMeter() {
  const listeners = new Set<MeterListener>()
  const driver: MeterDriver = {
    read: () => Promise.reject(new Error('not used')),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const tell = (reading: MeterReading) => listeners.forEach((listener) => listener.reading(reading))
  const trouble = (message: string) =>
    listeners.forEach((listener) => listener.trouble({ code: 'silent', message }, { ended: true }))
  return { driver, tell, trouble, listeners }
}

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-energy-'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a worker's meter on the home's database, as after a crash when there was one before. */
function start(o: { sign?: (message: EnergyMessage) => Promise<string> } = {}) {
  database = openDatabase(join(folder, 'energy.sqlite'), readingMigrations)
  const book = createReadingBook(database)
  const held = heldMeter()
  const told: MeteredSlot[] = []
  const problems: string[] = []
  const sign = o.sign ?? (async (message) => key.sign(energyHash(sampleCommunity, message)).serialized)
  const running: RunningMeter = runMeter(
    {
      ...{ driver: held.driver, site, timing, book, log: silentLog },
      signing: { at: sampleCommunity, node, meter, sign, randomHex: () => hexlify(randomBytes(32)) },
      problems: { raise: ({ message }) => problems.push(message), solve: (code) => problems.push(`solved ${code}`) },
    },
    { slot: (slot) => told.push(slot) },
  )
  return { ...held, book, told, problems, running }
}

/** Tells readings every five minutes, 10 Wh each. */
function tellMinutes(tell: (reading: MeterReading) => void, from: number, to: number): void {
  for (let minutes = from; minutes <= to; minutes += 5) {
    tell(readingAt(firstSlot * slotMs + minutes * 60_000, { importWh: 100_000 + minutes * 2, exportWh: 7 }))
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20))

describe('readings of the own meter', () => {
  it('are on the disk when they are told, each signed and naming the one before', async () => {
    const { tell, told, book, running } = start()
    tellMinutes(tell, 0, 60)
    await settled()
    await running.stop()
    expect(told.map(({ energy }) => [energy.slot - firstSlot, energy.importWh, energy.quality])).toEqual(
      [0, 1, 2, 3].map((slot) => [slot, 30, 'measured']),
    )
    expect(book.slots(firstSlot, firstSlot + 9)).toEqual(told)
    let last: SlotReading | null = null
    for (const { energy, signed } of told) {
      const known = { meterOf: () => meter, lastOf: () => last }
      expect(judgeReadings(sampleCommunity, energy.slot, [signed!], known).refused).toEqual([])
      last = signed!.reading
    }
  })

  it('go on after a crash with the same chain, and the slot in which it happened is still whole', async () => {
    const before = start()
    tellMinutes(before.tell, 0, 35)
    await settled()
    // The process dies here: what it knew beyond the disk is gone.
    database.close()
    const after = start()
    tellMinutes(after.tell, 35, 60)
    await settled()
    expect(
      [...before.told, ...after.told].map(({ energy }) => [energy.slot - firstSlot, energy.importWh, energy.quality]),
    ).toEqual([
      [0, 30, 'measured'],
      [1, 30, 'measured'],
      [2, 30, 'measured'],
      [3, 30, 'measured'],
    ])
    const chain = after.book.slots(firstSlot, firstSlot + 9).map(({ signed }) => signed!)
    for (const [index, { reading }] of chain.entries()) {
      if (index > 0) expect(reading.previous).toBe(chain[index - 1]!.hash)
    }
  })

  it('never sign a slot twice, also when the clock of the computer brings it again', async () => {
    const before = start()
    tellMinutes(before.tell, 0, 60)
    await settled()
    database.close()
    let signatures = 0
    const after = start({ sign: async () => (signatures++, '0x') })
    tellMinutes(after.tell, 0, 59)
    await settled()
    expect(signatures).toBe(0)
    expect(after.book.slots(firstSlot, firstSlot + 9)).toEqual(before.told)
  })

  it('never sign a slot twice when the clock is set back by days while the meter is read', async () => {
    const slotsSigned: number[] = []
    const { tell, told } = start({
      async sign(message) {
        slotsSigned.push((message.value as SlotReading).slot - firstSlot)
        return key.sign(energyHash(sampleCommunity, message)).serialized
      },
    })
    const twoDays = 2 * 1_440
    tellMinutes(tell, twoDays, twoDays + 30)
    tellMinutes(tell, 0, 45)
    await settled()
    expect(slotsSigned).toEqual([192, 193])
    expect(told.map(({ energy }) => energy.slot - firstSlot)).toEqual([192, 193])
  })

  it('are all kept when stopping resolves, also those that wait behind one that is being signed', async () => {
    const { tell, told, running } = start({
      async sign(message) {
        await new Promise((resolve) => setTimeout(resolve, 30))
        return key.sign(energyHash(sampleCommunity, message)).serialized
      },
    })
    tellMinutes(tell, 0, 60)
    await running.stop()
    expect(told.map(({ energy }) => energy.slot - firstSlot)).toEqual([0, 1, 2, 3])
  })

  it('that a signer refused are missing, and the next one follows the last that was signed', async () => {
    let refusals = 1
    const { tell, told } = start({
      async sign(message) {
        if ((message.value as SlotReading).slot === firstSlot + 1 && refusals-- > 0) throw new Error('locked')
        return key.sign(energyHash(sampleCommunity, message)).serialized
      },
    })
    tellMinutes(tell, 0, 60)
    await settled()
    expect(told.map(({ energy }) => energy.slot - firstSlot)).toEqual([0, 2, 3])
    expect(told[1]!.signed!.reading.previous).toBe(told[0]!.signed!.hash)
  })

  it('that were estimated are kept for the person and not signed', async () => {
    const { tell, told, book } = start()
    tellMinutes(tell, 0, 10)
    tellMinutes(tell, 50, 60)
    await settled()
    expect(told.map(({ energy, signed }) => [energy.quality, signed === null])).toEqual(
      Array.from({ length: 4 }, () => ['estimated', true]),
    )
    expect(book.slots(firstSlot, firstSlot)[0]!.energy.findings).toEqual(['gap'])
  })

  it('trouble with the line is a problem in words until the next reading', async () => {
    const { tell, trouble, problems, running, listeners } = start()
    trouble('Nothing arrives.')
    tellMinutes(tell, 0, 0)
    expect(problems).toEqual(['Nothing arrives.', `solved ${meterProblem}`])
    await running.stop()
    expect(listeners.size).toBe(0)
  })

  it('whose state another version wrote begin anew instead of guessing', () => {
    const { book } = start()
    database.prepare('INSERT INTO slot_meter VALUES (1, ?)').run('{"previous":5}')
    expect(book.resume().meter.previous).toBeNull()
  })
})
