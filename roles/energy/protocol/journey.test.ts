import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifyDay, findConsumedTwice, greenWh, type GenerationDay } from './certificates.ts'
import { disclose, disclosureSchema, isDisclosed } from './journey.ts'
import { dayRoot, dayTree } from './settlement/day-record.ts'
import { sampleDay } from './testing/sample-day.ts'

const { record } = sampleDay(3, 9)
const tree = dayTree(record)
const root = dayRoot(record, tree)

describe('a journey', () => {
  it('shows each trade of a day, checked against the root on chain', () => {
    for (let index = 0; index < record.entries.length; index++) {
      const shown = disclosureSchema.parse(JSON.parse(JSON.stringify(disclose(record, index, tree))))
      expect(isDisclosed(root, shown)).toBe(true)
    }
    expect(() => disclose(record, record.entries.length, tree)).toThrow('Day 12 has no entry')
  })

  it('7.3 tells nothing of a neighbour: no figure of another leaf, no sum before it', () => {
    const index = record.entries.findIndex(({ line }) => line.boughtBeforeWh > 0 && line.filledWh > 0)
    const text = JSON.stringify(disclose(record, index, tree))
    const { line, deliveredBeforeWh } = record.entries[index]!
    const others = record.entries.filter((one) => one.line.node !== line.node).map((one) => one.line.node.toLowerCase())
    expect(others.some((node) => text.toLowerCase().includes(node))).toBe(false)
    const numbers = new Set(text.match(/(?<=:)\d+(?=[,}])/g))
    expect(numbers.has(String(line.boughtBeforeWh))).toBe(false)
    if (deliveredBeforeWh > 900) expect(numbers.has(String(deliveredBeforeWh))).toBe(false)
  })

  it('cannot be changed in any part, nor moved to another day, slot or chain', () => {
    const shown = disclose(record, 5, tree)
    const flip = (hash: string): string => `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`
    const changed = [
      { ...shown, chainId: shown.chainId + 1 },
      { ...shown, day: shown.day + 1 },
      { ...shown, slot: shown.slot + 1 },
      { ...shown, leafIndex: shown.leafIndex + 1 },
      { ...shown, entryCount: shown.entryCount + 1 },
      { ...shown, line: { ...shown.line, filledWh: shown.line.filledWh + 1 } },
      { ...shown, measure: { ...shown.measure, measuredWh: shown.measure.measuredWh + 1 } },
      { ...shown, measure: { ...shown.measure, netWei: '1' } },
      { ...shown, sumsHash: flip(shown.sumsHash) },
      { ...shown, runHash: flip(shown.runHash) },
      { ...shown, proof: shown.proof.slice(1) },
      { ...shown, proof: shown.proof.map((one, at) => (at === 0 ? flip(one) : one)) },
    ]
    expect(changed.map((one) => isDisclosed(root, one))).toEqual(changed.map(() => false))
    expect(isDisclosed(flip(root), shown)).toBe(false)
  })
})

describe('certificates', () => {
  const slot = (generationWh: number, exportWh: number, matchedWh: number, counts = true) => ({
    slot: 1,
    ...{ generationWh, exportWh, matchedWh, counts },
  })
  const day: GenerationDay = {
    node: `0x${'01'.repeat(20)}`,
    meter: `0x${'02'.repeat(32)}`,
    fromRegisterWh: 1000,
    toRegisterWh: 1900,
    slots: [slot(500, 300, 200), slot(400, 100, 250), slot(0, 300, 300)],
  }

  it('7.2 are minted for what the meter made and no more', () => {
    expect(certifyDay(day, 1000)).toMatchObject({ kind: 'certified', certified: { mintedWh: 900, greenTradedWh: 300 } })
    expect(certifyDay({ ...day, toRegisterWh: 1700 }, 1000)).toMatchObject({ certified: { mintedWh: 700 } })
  })

  it('7.2 energy that was not generated turns green', () => {
    expect(greenWh(slot(0, 300, 300))).toBe(0)
    expect(greenWh(slot(300, 100, 300))).toBe(100)
    expect(greenWh(slot(300, 200, 50))).toBe(50)
  })

  it('7.2 the same register range twice', () => {
    expect(certifyDay(day, 1001)).toMatchObject({ kind: 'refused', reason: 'alreadyCertified' })
    const range = (from: number, to: number) => ({ meter: day.meter, fromRegisterWh: from, toRegisterWh: to })
    expect(findConsumedTwice([range(10, 20), range(0, 10), range(20, 25)])).toEqual([])
    expect(findConsumedTwice([range(10, 20), range(0, 11)])).toEqual([[1, 0]])
    expect(findConsumedTwice([range(0, 100), range(10, 20), range(30, 40)])).toEqual([
      [0, 1],
      [0, 2],
    ])
    expect(findConsumedTwice([range(0, 10), { ...range(0, 10), meter: `0x${'03'.repeat(32)}` }])).toEqual([])
  })

  it('refuse a register that went back, and a day without sun', () => {
    expect(certifyDay({ ...day, toRegisterWh: 900 }, 0)).toMatchObject({ reason: 'registerWentBack' })
    expect(certifyDay({ ...day, slots: [slot(500, 300, 200, false)] }, 1000)).toMatchObject({ reason: 'nothing' })
  })

  it('never certify more than the register moved, nor more green than minted', () => {
    const wh = fc.nat({ max: 5000 })
    const slots = fc.array(fc.record({ slot: wh, generationWh: wh, exportWh: wh, matchedWh: wh, counts: fc.boolean() }))
    fc.assert(
      fc.property(slots, wh, wh, (list, from, moved) => {
        const result = certifyDay({ ...day, slots: list, fromRegisterWh: from, toRegisterWh: from + moved }, from)
        if (result.kind === 'refused') return
        expect(result.certified.mintedWh).toBeLessThanOrEqual(moved)
        expect(result.certified.greenTradedWh).toBeLessThanOrEqual(result.certified.mintedWh)
      }),
    )
  })
})
