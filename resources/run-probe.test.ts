import { describe, expect, it } from 'vitest'
import { askPart, runProbe } from './run-probe.ts'

const never = () => new Promise<never>(() => {})

describe('runProbe', () => {
  it('gives the value and says that it was measured', async () => {
    const { state, value } = await runProbe('disks', () => Promise.resolve(7))
    expect(value).toBe(7)
    expect(state).toMatchObject({ probe: 'disks', state: 'measured', message: null })
  })

  it('gives up on a probe that hangs and says so', async () => {
    const { state, value } = await runProbe('gpus', never, { timeoutMs: 20 })
    expect(value).toBeNull()
    expect(state).toMatchObject({ state: 'timedOut', message: 'no answer within 20 ms' })
    expect(state.tookMs).toBeLessThan(1_000)
  })

  it('turns a rejection and a synchronous throw into a failed state with the reason', async () => {
    const rejected = await runProbe('power', () => Promise.reject(new Error('no tool')))
    const thrown = await runProbe('power', () => {
      throw new Error('no module')
    })
    expect([rejected.state, thrown.state]).toMatchObject([
      { state: 'failed', message: 'no tool' },
      { state: 'failed', message: 'no module' },
    ])
  })

  it('rejects only when the caller no longer wants the answer', async () => {
    const controller = new AbortController()
    const running = runProbe('disks', never, { signal: controller.signal })
    controller.abort(new Error('window closed'))
    await expect(running).rejects.toThrow('window closed')
  })
})

describe('askPart', () => {
  it('answers null with the reason when a part hangs or fails', async () => {
    expect(await askPart(never, 10)).toMatchObject({ value: null })
    expect(await askPart(() => Promise.reject(new Error('x')))).toMatchObject({ value: null, error: new Error('x') })
    expect(await askPart(() => Promise.resolve('here'))).toEqual({ value: 'here', error: null })
  })
})
