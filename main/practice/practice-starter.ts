import type { Log } from '../../roles/api/values.ts'
import type { PracticeStarter, StartedPractice } from '../app/engine-options.ts'
import type { Platform } from '../api/platform.ts'
import { HomeInUseError } from '../store/index.ts'
import { attachPractice, type PracticeAttachment } from './attach-practice.ts'
import { startPractice, type PracticeNetwork } from './start-practice.ts'

export type PracticeStarterOptions = {
  readonly homeDirectory: string
  readonly platform: Platform
  readonly log: Log
  readonly neighbours?: number
}

/**
 * How an engine gets the practice network of its home: it joins the one that runs, else it starts one and owns it. The
 * window and `hearth node` both hand this to their engine.
 */
export function createPracticeStarter(options: PracticeStarterOptions): PracticeStarter {
  return async ({ onProgress, signal }) => {
    const running = await attachPractice(options.homeDirectory, { signal })
    if (running !== null) return joined(running)
    try {
      return owned(await startPractice({ ...options, onProgress, signal }))
    } catch (error) {
      // Another process was faster between the look and the lock.
      const faster = error instanceof HomeInUseError ? await attachPractice(options.homeDirectory, { signal }) : null
      if (faster === null) throw error
      return joined(faster)
    }
  }
}

function owned(network: PracticeNetwork): StartedPractice {
  const { notice, exited, neighbours } = network
  return { neighbours: neighbours.length, notice, exited, stop: () => network.stop() }
}

function joined(network: PracticeAttachment): StartedPractice {
  const { exited, neighbours } = network
  return { neighbours: neighbours.length, notice: null, exited, stop: async () => network.detach() }
}
