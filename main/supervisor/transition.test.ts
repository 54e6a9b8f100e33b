import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  backoffMs,
  breakerCrashes,
  breakerWindowMs,
  calmMs,
  isAlive,
  longestBackoffMs,
  newWorker,
  nextTickMs,
  shortestBackoffMs,
  standardHeartbeat,
  startLimitMs,
  transition,
} from './transition.ts'
import type { Command, Worker, WorkerEvent } from './transition.ts'

/** Runs events at times and keeps what was commanded; the process itself is modelled by counting forks and exits. */
function run(
  worker: Worker,
  steps: readonly (readonly [number, WorkerEvent])[],
): { worker: Worker; commands: Command[] } {
  const commands: Command[] = []
  let current = worker
  for (const [nowMs, event] of steps) {
    const step = transition(current, event, nowMs)
    current = step.worker
    commands.push(...step.commands)
  }
  return { worker: current, commands }
}

const exited: WorkerEvent = { kind: 'exited', reason: 'It ended with code 1.', random: 0.5 }
const running = (nowMs = 0) =>
  run(newWorker, [
    [nowMs, { kind: 'switchOn' }],
    [nowMs, { kind: 'ready', pid: 1 }],
  ]).worker

const eventArbitrary: fc.Arbitrary<WorkerEvent> = fc.oneof(
  fc.constantFrom<WorkerEvent>({ kind: 'switchOn' }, { kind: 'retry' }, { kind: 'heard' }, { kind: 'tick' }),
  fc.record({
    kind: fc.constantFrom('switchOff' as const, 'restart' as const),
    deadlineMs: fc.integer({ min: 0, max: 1e6 }),
  }),
  fc.record({ kind: fc.constant('ready' as const), pid: fc.integer({ min: 1, max: 99 }) }),
  fc.record({ kind: fc.constant('fatal' as const), reason: fc.constant('no') }),
  fc.record({
    kind: fc.constant('exited' as const),
    reason: fc.constant('gone'),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
  }),
)
const historyArbitrary = fc.array(fc.tuple(fc.integer({ min: 0, max: 90_000 }), eventArbitrary), { maxLength: 60 })

describe('any history of a worker', () => {
  const inTime = (history: readonly (readonly [number, WorkerEvent])[]) => {
    let nowMs = 0
    return history.map(([gapMs, event]) => [(nowMs += gapMs), event] as const)
  }

  test('has at most one process, and an exit only follows a process', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        let worker = newWorker
        let processes = 0
        for (const [nowMs, event] of inTime(history)) {
          if (event.kind === 'exited') {
            if (processes === 0) continue
            processes--
          }
          const step = transition(worker, event, nowMs)
          processes += step.commands.filter((command) => command === 'fork').length
          worker = step.worker
          expect(processes).toBe(isAlive(worker.phase) ? 1 : 0)
        }
      }),
      { numRuns: 2000 },
    )
  })

  test('never leaves a process without a time at which something happens', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { worker } = run(newWorker, inTime(history))
        if (isAlive(worker.phase) || worker.phase.kind === 'waiting') expect(nextTickMs(worker)).not.toBeNull()
      }),
    )
  })

  test('ends stopped once it is unwanted and its process is gone', () => {
    fc.assert(
      fc.property(historyArbitrary, (history) => {
        const { worker } = run(newWorker, inTime(history))
        const last = run(worker, [
          [1e9, { kind: 'switchOff', deadlineMs: 1e9 }],
          [1e9 + 1, exited],
        ])
        expect(last.worker.phase.kind).toBe('stopped')
      }),
    )
  })
})

describe('restarts', () => {
  test('wait 0.2 to 60 s, longer each time, and are spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const ms = backoffMs(attempt, random)
          expect(ms).toBeGreaterThanOrEqual(shortestBackoffMs)
          expect(ms).toBeLessThanOrEqual(longestBackoffMs)
          expect(backoffMs(attempt + 1, random)).toBeGreaterThanOrEqual(ms)
        },
      ),
    )
    expect(backoffMs(5, 0)).not.toBe(backoffMs(5, 0.9))
  })

  test('five crashes within a minute park the worker with the reason, and retry starts it', () => {
    let worker = running()
    let nowMs = 0
    for (let crash = 1; crash <= breakerCrashes; crash++) {
      expect(worker.phase.kind).toBe('running')
      worker = run(worker, [[(nowMs += 10), exited]]).worker
      if (crash === breakerCrashes) break
      expect(worker.phase.kind).toBe('waiting')
      nowMs = nextTickMs(worker)!
      worker = run(worker, [
        [nowMs, { kind: 'tick' }],
        [nowMs, { kind: 'ready', pid: crash }],
      ]).worker
    }
    expect(nowMs).toBeLessThan(breakerWindowMs)
    expect(worker.phase).toEqual({ kind: 'parked', crash: 'It ended with code 1.' })
    expect(nextTickMs(worker)).toBeNull()
    const retried = run(worker, [[nowMs, { kind: 'retry' }]])
    expect(retried.commands).toEqual(['fork'])
    expect(retried.worker.crashTimesMs).toEqual([])
  })

  test('calm forgives earlier crashes', () => {
    const crashedOnce = run(running(), [[10, exited]]).worker
    const again = run(crashedOnce, [
      [1000, { kind: 'tick' }],
      [1000, { kind: 'ready', pid: 2 }],
      [1000 + calmMs, { kind: 'heard' }],
      [1000 + calmMs + standardHeartbeat.intervalMs, { kind: 'tick' }],
    ]).worker
    expect(again).toMatchObject({ attempt: 0, crashTimesMs: [] })
  })

  test('a worker that says that a restart would not help is parked, not restarted', () => {
    const parked = run(running(), [
      [5, { kind: 'fatal', reason: 'no code' }],
      [6, exited],
    ])
    expect(parked.worker.phase).toEqual({ kind: 'parked', crash: 'no code' })
    expect(parked.commands).not.toContain('fork')
  })
})

describe('a hung worker', () => {
  const tickUntil = (worker: Worker, endMs: number) => {
    const commands: Command[] = []
    let current = worker
    for (let nowMs = nextTickMs(current)!; nowMs <= endMs; nowMs = nextTickMs(current)!) {
      const step = transition(current, { kind: 'tick' }, nowMs)
      current = step.worker
      commands.push(...step.commands)
    }
    return { worker: current, commands }
  }

  test('is asked every 5 s and killed after 30 s of silence', () => {
    const { commands } = tickUntil(running(), standardHeartbeat.limitMs)
    expect(commands.filter((command) => command === 'heartbeat').length).toBe(
      standardHeartbeat.limitMs / standardHeartbeat.intervalMs - 1,
    )
    expect(commands.at(-1)).toBe('kill')
  })

  test('is not one that merely slept with the machine for twelve hours', () => {
    const afterSleep = transition(running(), { kind: 'tick' }, 12 * 3600 * 1000)
    expect(afterSleep.commands).toEqual(['heartbeat'])
    expect(afterSleep.worker.phase.kind).toBe('running')
  })

  test('that never becomes ready is killed and started again', () => {
    const starting = run(newWorker, [[0, { kind: 'switchOn' }]]).worker
    const killed = transition(starting, { kind: 'tick' }, startLimitMs)
    expect(killed.commands).toEqual(['kill'])
    expect(transition(killed.worker, exited, startLimitMs + 1).worker.phase.kind).toBe('waiting')
  })
})

describe('switching off', () => {
  test('drains, kills at the deadline, and does not count as a crash', () => {
    const left = run(running(), [
      [10, { kind: 'switchOff', deadlineMs: 500 }],
      [500, { kind: 'tick' }],
      [501, exited],
    ])
    expect(left.commands).toEqual(['drain', 'kill'])
    expect(left.worker).toMatchObject({ phase: { kind: 'stopped' }, attempt: 0 })
  })

  test('and on again before the end starts anew once the old process is gone', () => {
    const left = run(running(), [
      [10, { kind: 'switchOff', deadlineMs: 500 }],
      [20, { kind: 'switchOn' }],
      [30, exited],
    ])
    expect(left.commands).toEqual(['drain', 'fork'])
  })

  test('a restart with other parameters keeps the wish to run', () => {
    const left = run(running(), [
      [10, { kind: 'restart', deadlineMs: 500 }],
      [30, exited],
    ])
    expect(left.commands).toEqual(['drain', 'fork'])
  })
})
