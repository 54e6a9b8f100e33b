import { Wallet } from 'ethers'
import { describe, expect, it } from 'vitest'
import { sampleCommunity } from '../testing/sample-day.ts'
import { energyHash, type SlotReading } from '../typed-data.ts'
import { zeroHash } from './settle-day.ts'
import { judgeReadings, type SignedReading } from './verify-readings.ts'

const wallet = new Wallet(`0x${'11'.repeat(32)}`)
const meter = `0x${'0a'.repeat(32)}`
const hashOf = (value: SlotReading): string => energyHash(sampleCommunity, { kind: 'Reading', value })
const sign = (reading: SlotReading, by = wallet): SignedReading => ({
  reading,
  signature: by.signingKey.sign(hashOf(reading)).serialized,
})
const first: SlotReading = {
  node: wallet.address,
  community: sampleCommunity.community,
  slot: 100,
  meter,
  importRegisterWh: 5000,
  exportRegisterWh: 900,
  importWh: 40,
  exportWh: 0,
  previous: zeroHash,
  nonce: `0x${'01'.repeat(32)}`,
}
const second: SlotReading = {
  ...first,
  slot: 101,
  importRegisterWh: 5030,
  exportRegisterWh: 920,
  importWh: 30,
  exportWh: 20,
  previous: hashOf(first),
}
const judge = (readings: readonly SignedReading[], last: SlotReading | null = first, slot = 101) =>
  judgeReadings(sampleCommunity, slot, readings, { meterOf: () => meter, lastOf: () => last })
const refusalOf = (change: Partial<SlotReading>, last: SlotReading | null = first): string =>
  judge([sign({ ...second, ...change })], last).refused[0]?.sentence ?? 'counts'

describe('readings of a slot', () => {
  it('count when they follow from the one before, by hash and by registers', () => {
    const { counted, refused } = judge([sign(second)])
    expect(refused).toEqual([])
    expect(counted.get(wallet.address.toLowerCase())).toMatchObject({
      importWh: 30,
      exportWh: 20,
      hash: hashOf(second),
    })
    expect(judge([sign(first)], null, 100).refused).toEqual([])
  })

  it('7.5 a reading used for another slot, or twice', () => {
    expect(judge([sign(second)], first, 102).refused[0]?.sentence).toBe('The reading is of slot 101, not 102.')
    expect(judge([sign(second), sign(second)]).refused[0]?.sentence).toContain('two readings')
    expect(judge([sign(second)], second).refused[0]?.sentence).toBe(
      'The reading does not follow from the one before it.',
    )
  })

  it('7.5 more energy than the registers moved, or registers that went back', () => {
    expect(refusalOf({ exportWh: 21 })).toBe('More is claimed for the slot than the registers moved.')
    expect(refusalOf({ exportRegisterWh: 899, exportWh: 0 })).toBe('A register of the meter went back.')
    expect(refusalOf({ exportWh: 19 })).toBe('The slot and the registers differ.')
  })

  it('leave a gap out: after estimated slots a reading may claim less than the registers moved, never more', () => {
    const later = { ...second, slot: 105, exportRegisterWh: 990 }
    const known = { meterOf: () => meter, lastOf: () => first }
    expect(judgeReadings(sampleCommunity, 105, [sign(later)], known).refused).toEqual([])
    const greedy = { ...later, exportWh: 91 }
    expect(judgeReadings(sampleCommunity, 105, [sign(greedy)], known).refused[0]?.sentence).toContain('More is claimed')
  })

  it('7.1 another meter, another home, another community', () => {
    expect(refusalOf({ meter: `0x${'0b'.repeat(32)}` })).toBe('The meter is not the one admitted for this home.')
    expect(refusalOf({ community: `0x${'00'.repeat(32)}` })).toBe('The reading is for another community.')
    const stranger = sign(second, new Wallet(`0x${'22'.repeat(32)}`))
    expect(judge([stranger]).refused[0]?.sentence).toBe('The reading is not signed by its home.')
  })
})
