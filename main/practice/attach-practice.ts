import { setTimeout as delay } from 'node:timers/promises'
import { networkFileSchema, type NetworkFile } from '../../contracts/client/index.ts'
import { CancelledError, TimeoutError } from '../../roles/api/errors.ts'
import { openHome } from '../store/index.ts'
import { readRunning, type Neighbour } from './running-file.ts'

/** A practice network that another process of the same home owns. */
export type PracticeAttachment = {
  readonly ownerPid: number
  readonly networkPath: string
  readonly network: NetworkFile
  readonly neighbours: readonly Neighbour[]
  /** Resolves with the reason when the owner is gone. */
  readonly exited: Promise<string>
  /** Stops watching; the network itself goes on. */
  detach(): void
}

const startingTimeoutMs = 90_000
const lookEveryMs = 500

/** The running practice network of a home, or null when none runs. One that is just starting is waited for. */
export async function attachPractice(
  homeDirectory: string,
  options: { signal?: AbortSignal } = {},
): Promise<PracticeAttachment | null> {
  const home = openHome(homeDirectory)
  const deadline = performance.now() + startingTimeoutMs
  for (;;) {
    const holder = home.holder('practice')
    if (holder === null) return null
    const running = await readRunning(home.directory)
    if (running !== null && running.ownerPid === holder.pid) {
      const network = networkFileSchema.parse(await home.network.read())
      return { ...running, network, ...watchOwner(() => home.holder('practice')?.pid === holder.pid) }
    }
    if (performance.now() > deadline) throw new TimeoutError('The start of the practice network', startingTimeoutMs)
    await delay(lookEveryMs, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => {
      throw new CancelledError('Waiting for the practice network')
    })
  }
}

function watchOwner(lives: () => boolean): { exited: Promise<string>; detach(): void } {
  let timer: NodeJS.Timeout | undefined
  const exited = new Promise<string>((resolve) => {
    timer = setInterval(() => {
      if (lives()) return
      clearInterval(timer)
      resolve('The practice network was stopped.')
    }, lookEveryMs)
    timer.unref()
  })
  return { exited, detach: () => clearInterval(timer) }
}
