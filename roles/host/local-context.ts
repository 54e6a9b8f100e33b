import type { Allowance } from '../api/allowance.ts'
import type { RoleEvent, SignRequest, SubmitRequest, SubmitResult, WorkerStart } from '../api/messages.ts'
import type { OpenRenderSurface } from '../api/render-surface.ts'
import type { Log } from '../api/values.ts'
import type { RoleContext } from '../api/worker.ts'
import { createListeners } from '../api/listeners.ts'

/** What a process that runs a role inside itself must bring: the practice neighbours, and tests with real chains. */
export type LocalOwner = {
  readonly start: WorkerStart
  readonly log: Log
  /** Signs with the role key, after the same checks as the signer of the app. */
  readonly sign: (request: SignRequest, options?: { signal?: AbortSignal }) => Promise<Uint8Array>
  /** Sends from the account that pays for gas and waits for the receipt. */
  readonly submit: (request: SubmitRequest, options?: { signal?: AbortSignal }) => Promise<SubmitResult>
  /** Opens places to render, for the render role only. */
  readonly openSurface?: OpenRenderSurface
  readonly onEvent?: (event: RoleEvent) => void
  readonly onChanged?: () => void
}

/** The context for the role and the two things that its owner may change while it runs. */
export type LocalContext = {
  readonly context: RoleContext
  setAllowance(allowance: Allowance): void
  setBootstrapPeers(multiaddrs: readonly string[]): void
}

/** Builds a RoleContext around a signer and a sender in the same process: the same port as in a worker, no wire. */
export function createLocalRoleContext(owner: LocalOwner): LocalContext {
  const onError = (error: unknown) => owner.log.error('A listener of the role context failed.', { error })
  const allowances = createListeners<Allowance>(onError)
  const peers = createListeners<readonly string[]>(onError)
  let allowance = owner.start.allowance
  return {
    context: {
      start: owner.start,
      log: owner.log,
      allowance: () => allowance,
      onAllowance: allowances.add,
      onBootstrapPeers: peers.add,
      sign: owner.sign,
      submit: owner.submit,
      ...(owner.openSurface === undefined ? {} : { openSurface: owner.openSurface }),
      emit: (event) => owner.onEvent?.(event),
      changed: () => owner.onChanged?.(),
    },
    setAllowance(next) {
      allowance = next
      allowances.tell(next)
    },
    setBootstrapPeers: peers.tell,
  }
}
