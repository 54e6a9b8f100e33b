import type { ProcessState } from '../api/snapshot.ts'
import type { Worker } from './transition.ts'

/** What people are shown of a worker. `epochOffsetMs` turns monotonic times into epoch milliseconds. */
export function viewProcess(worker: Worker, epochOffsetMs: number): ProcessState {
  const { phase } = worker
  const epoch = (ms: number) => Math.round(ms + epochOffsetMs)
  switch (phase.kind) {
    case 'stopped':
      return { kind: 'stopped' }
    case 'starting':
      return { kind: 'starting', sinceMs: epoch(phase.sinceMs) }
    case 'running':
      return { kind: 'running', sinceMs: epoch(phase.sinceMs), pid: phase.pid }
    case 'leaving':
      return { kind: 'draining', deadlineMs: epoch(phase.deadlineMs) }
    case 'waiting':
      return { kind: 'waiting', restartAtMs: epoch(phase.restartAtMs), crash: phase.crash, attempt: worker.attempt }
    case 'parked':
      return { kind: 'parked', crash: phase.crash, crashes: worker.crashTimesMs.length }
  }
}
