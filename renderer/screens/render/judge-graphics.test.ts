import { describe, expect, test } from 'vitest'
import { fakeInventory } from '../../bridge/fake-snapshot.ts'
import { judgeGraphics } from './judge-graphics.ts'

const score = { megasamplesPerSecond: 90, backEnd: 'webgl2', device: 'a card', software: false, measuredAtMs: 1 }
const machine = fakeInventory(1)
const without = { ...machine, gpus: [] }
const withMemory = (gibibytes: number | null) => ({
  ...machine,
  gpus: [{ ...machine.gpus[0]!, memoryBytes: gibibytes === null ? null : gibibytes * 1024 ** 3 }],
})

describe('how well a computer suits rendering', () => {
  test('is open until something was found or measured', () => {
    expect(judgeGraphics(null, null)).toEqual({ fit: 'looking', scenes: null })
    expect(judgeGraphics(without, null)).toEqual({ fit: 'none', scenes: null })
    expect(judgeGraphics(machine, null).fit).toBe('unknown')
  })

  test('follows the measured speed, and never praises a processor that plays a card', () => {
    expect(judgeGraphics(machine, score).fit).toBe('strong')
    expect(judgeGraphics(machine, { ...score, megasamplesPerSecond: 20 }).fit).toBe('fair')
    expect(judgeGraphics(machine, { ...score, megasamplesPerSecond: 0.1 }).fit).toBe('slow')
    expect(judgeGraphics(without, { ...score, software: true })).toEqual({ fit: 'slow', scenes: 'small' })
  })

  test('names larger scenes with more memory, and only small ones where memory is shared', () => {
    const scenes = [12, 4, 3, 1, null].map((gibibytes) => judgeGraphics(withMemory(gibibytes), score).scenes)
    expect(scenes).toEqual(['large', 'large', 'medium', 'small', 'small'])
  })
})
