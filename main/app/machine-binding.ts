import { isConnectionProblem, readNode } from '../../contracts/client/index.ts'
import type { Chain } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { RoleName } from '../../roles/api/roles.ts'
import type { Log, Undo } from '../../roles/api/values.ts'
import { sameAddress } from '../../roles/api/values.ts'
import { every } from './every.ts'

/** How often an open question about the binding is asked again, and how often a settled one is checked. */
const openMs = 2_000
const settledMs = 30_000
/** Failed tries wait longer each time up to this: a device that was refused must not ask again every two seconds. */
const longestWaitMs = 60_000

/** Whether a node is bound: `null` = not known yet. */
export type Binding = boolean | null

/** The binding of this machine's role keys to its operator. */
export type MachineBinding = {
  isBound(role: RoleName): Binding
  /** Why the last try to bind failed, in words for a person; null when it did not. */
  problem(): string | null
  /** Roles that a person has consented to; their keys are bound as soon as it is possible. */
  want(roles: readonly RoleName[]): void
  /** Looks again at once: after a reorganization a binding may be gone. */
  recheck(): void
  stop: Undo
}

/** A key is bound to someone else or was revoked: another try would not help. */
export class BindingRefusedError extends HearthError {}

/**
 * Keeps the roles that are wanted bound. One sentence binds all keys of the machine (PROTOCOL 1.7), so `authorize` is
 * called once for all of them, never twice at the same time, and again only when the chain says that they are not bound.
 */
export function keepBound(o: {
  chain: Chain
  operator: string
  nodes: Readonly<Record<RoleName, string>>
  /** `asked`: only a person can give the consent, and was asked for it; it is looked for, not asked again and again. */
  authorize: (options: { signal: AbortSignal }) => Promise<'given' | 'asked'>
  onChange: () => void
  log: Log
}): MachineBinding {
  const bound = new Map<RoleName, boolean>()
  let wanted: readonly RoleName[] = []
  let problem: string | null = null
  let refused = false
  let asked = false
  let failures = 0

  async function readBindings(): Promise<void> {
    for (const role of wanted) {
      const entry = await readNode(o.chain, o.nodes[role])
      if (entry !== null && (entry.revoked || !sameAddress(entry.operator, o.operator))) {
        refused = true
        bound.set(role, false)
        throw refusal(role, entry.revoked)
      }
      bound.set(role, entry !== null)
    }
    refused = false
  }

  async function check(signal: AbortSignal): Promise<void> {
    const before = JSON.stringify([...bound, problem])
    try {
      await readBindings()
      asked = false
      if (wanted.some((role) => bound.get(role) === false)) {
        asked = (await o.authorize({ signal })) === 'asked'
        await readBindings()
      }
      problem = null
      failures = 0
    } catch (error) {
      if (signal.aborted) return
      failures++
      // That the chain does not answer is shown by whoever watches it.
      if (!isConnectionProblem(error)) problem = error instanceof Error ? error.message : String(error)
      o.log.warn('The keys of this machine could not be bound.', { error })
    }
    if (JSON.stringify([...bound, problem]) !== before) o.onChange()
  }

  const isSettled = () => refused || asked || wanted.every((role) => bound.get(role) === true)
  let lastCheckMs = Number.NEGATIVE_INFINITY
  const look = async (signal: AbortSignal) => {
    if (wanted.length === 0) return
    const waitMs = isSettled() ? settledMs : failures > 0 ? Math.min(longestWaitMs, openMs * 2 ** failures) : 0
    if (performance.now() - lastCheckMs < waitMs) return
    await check(signal)
    lastCheckMs = performance.now()
  }
  const checking = every(openMs, look, 'Checking the binding', o.log)
  const again = () => {
    lastCheckMs = Number.NEGATIVE_INFINITY
    checking.poke()
  }
  return {
    isBound: (role) => bound.get(role) ?? null,
    problem: () => problem,
    want(roles) {
      if (JSON.stringify(roles) === JSON.stringify(wanted)) return
      wanted = roles
      asked = false
      if (!isSettled()) again()
    },
    recheck: again,
    stop: checking.stop,
  }
}

function refusal(role: RoleName, revoked: boolean): BindingRefusedError {
  return new BindingRefusedError(
    revoked ? 'KEY_REVOKED' : 'KEY_OF_ANOTHER_OPERATOR',
    revoked
      ? `The ${role} key of this computer was revoked.`
      : `The ${role} key of this computer belongs to another operator.`,
    { action: 'Begin with a new home; a revoked key is never authorized again.' },
  )
}
