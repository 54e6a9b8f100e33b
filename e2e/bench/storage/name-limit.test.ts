import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nameLimit, watchCpu } from './name-limit.ts'

describe('where the time of a put went', () => {
  it('names what is used up, and says when nothing is', () => {
    const busy = { wallSeconds: 10, cpu: { customer: 100, providers: 100 }, syncSeconds: 1 }
    expect(nameLimit(busy).limit).toMatch(/^all \d+ cores/)
    expect(nameLimit({ ...busy, cpu: { customer: 0.1 }, syncSeconds: 9 }).limit).toBe('the disk')
    expect(nameLimit({ ...busy, cpu: { customer: 0.1 }, syncSeconds: 1 }).limit).toContain('waiting')
  })

  it.runIf(existsSync('/proc/self/stat'))('counts the processor time of a process from now on', () => {
    const stop = watchCpu({ self: () => [process.pid], nobody: () => [] })
    const untilMs = performance.now() + 200
    while (performance.now() < untilMs) spawnSync('true')
    const { self, nobody } = stop()
    expect(self).toBeGreaterThan(0)
    expect(self).toBeLessThan(5)
    expect(nobody).toBe(0)
  })
})
