import type { Undo } from '../../../roles/api/values.ts'
import { eventsOf } from './layout.ts'
import type { ScreenEvent } from './layout.ts'
import type { PracticeLedger } from './practice-ledger.ts'

/** What the screen showed, as the emulator's `/events` tells it. */
export type EventLog = {
  all(): readonly ScreenEvent[]
  current(): readonly ScreenEvent[]
  clear(): void
  /** Called with each text that appears. */
  follow(listener: (event: ScreenEvent) => void): Undo
  stop(): void
}

/** Older texts are forgotten. */
const keptEvents = 1_000

export function createEventLog(ledger: PracticeLedger): EventLog {
  const listeners = new Set<(event: ScreenEvent) => void>()
  let shown = JSON.stringify(eventsOf(ledger.screen()))
  let kept: ScreenEvent[] = eventsOf(ledger.screen())
  const undo = ledger.onChange((screen) => {
    const events = eventsOf(screen)
    const text = JSON.stringify(events)
    if (text === shown) return
    shown = text
    kept = [...kept, ...events].slice(-keptEvents)
    for (const listener of [...listeners]) events.forEach(listener)
  })
  return {
    all: () => kept,
    current: () => eventsOf(ledger.screen()),
    clear: () => void (kept = []),
    follow(listener) {
      const entry = (event: ScreenEvent) => listener(event)
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    stop() {
      undo()
      listeners.clear()
    },
  }
}
