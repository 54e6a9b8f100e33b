import { useState } from 'react'
import { usePending } from './commands.ts'
import { useSnapshot } from './snapshot.ts'

type Question = 'switchOn' | 'switchOff'

/** Which question about a role is open, and where its switch stands; `on` is what the person chose. */
export function useRoleQuestion(on: boolean): {
  readonly question: Question | null
  readonly power: { readonly on: boolean; readonly busy: boolean; readonly ready: boolean }
  ask(question: Question): void
  close(): void
} {
  const [question, setQuestion] = useState<Question | null>(null)
  const switchingOn = usePending('roles:switchOn')
  const switchingOff = usePending('roles:switchOff')
  const ready = useSnapshot((snapshot) => snapshot.network.kind === 'ready')
  return {
    question,
    power: { on, busy: switchingOn || switchingOff, ready },
    ask: setQuestion,
    close: () => setQuestion(null),
  }
}

/** Why there is no network to work for, null while there may be one. */
export function useNetworkFailure(): string | null {
  return useSnapshot(({ network }) => (network.kind === 'failed' ? network.message : null))
}
