import { CancelledError } from '../../../roles/api/errors.ts'
import type { OperatorDevice, SignerOptions } from '../../api/hardware-signer.ts'
import { operatorPath } from '../../api/hardware-signer.ts'
import { readableText } from '../readable-text.ts'
import { createStateCell } from '../state-cell.ts'
import { UnknownPathError } from '../unknown-path.ts'
import { deviceLimits } from './apdu-limits.ts'
import type { DeviceLimits } from './apdu-limits.ts'
import { DeviceError } from './device-error.ts'
import { createTurns } from './one-at-a-time.ts'
import type { TransportOpener } from './open-transport.ts'
import { recognizeFailure } from './recognize-failure.ts'
import { withSession } from './session.ts'
import type { LedgerSession } from './session.ts'
import { parseUnsigned, readAccount, signRawTransaction, signText } from './steps.ts'
import type { Step } from './steps.ts'

export type LedgerOptions = {
  readonly open: TransportOpener
  /** False for everything but a device on USB. */
  readonly hardware: boolean
  readonly limits?: Partial<DeviceLimits>
  /** Throws for accounts that may not be used here at all. */
  readonly judgeAccount?: (account: string) => void
  readonly platform?: string
  /** `HOST:PORT` of a device that is reached over the network, for the words when nothing answers there. */
  readonly at?: string
}

/** An operator's device behind a transport: USB, the emulator, or a practice Ledger. Nothing is opened before a step. */
export function createLedgerDevice(o: LedgerOptions): OperatorDevice {
  const limits = { ...deviceLimits, ...o.limits }
  const platform = o.platform ?? process.platform
  const state = createStateCell()
  const turns = createTurns()
  const closing = new AbortController()

  /** Only one path is ever used: a caller that asks for another one is wrong. */
  function stepAt(path: string, options: SignerOptions): Step {
    if (path !== operatorPath) throw new UnknownPathError(path)
    const { judgeAccount } = o
    return { path, expected: options.expectedAccount ?? null, ...(judgeAccount === undefined ? {} : { judgeAccount }) }
  }

  async function run<T>(options: SignerOptions, step: (session: LedgerSession) => Promise<T>): Promise<T> {
    const signal = AbortSignal.any([closing.signal, ...(options.signal === undefined ? [] : [options.signal])])
    const session = { open: o.open, limits, signal, onPerson: () => state.set({ kind: 'waitingForPerson' }) }
    try {
      return await withSession(session, async (opened) => {
        const result = await step(opened)
        state.set({ kind: 'ready', appVersion: opened.app.version })
        return result
      })
    } catch (failure) {
      const { found, error } = await recognizeFailure(failure, {
        open: o.open,
        limits,
        signal,
        platform,
        at: o.at ?? null,
      })
      state.set(found)
      throw error
    }
  }

  return {
    hardware: o.hardware,
    asksPerson: true,
    state: state.get,
    subscribe: state.subscribe,
    async check(options = {}) {
      if (turns.asking()) return state.get()
      try {
        await turns.take('quiet', () => run(options, async () => {}))
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error
      }
      return state.get()
    },
    async getAddress(path, options = {}) {
      const step = stepAt(path, options)
      return turns.take('quiet', () => run(options, (session) => readAccount(session, { ...step, display: false })))
    },
    async confirmAddress(path, options = {}) {
      const step = stepAt(path, options)
      return turns.take('asking', () => run(options, (session) => readAccount(session, { ...step, display: true })))
    },
    async signPersonalMessage(path, bytes, options = {}) {
      readableText(bytes)
      const step = stepAt(path, options)
      return turns.take('asking', () => run(options, (session) => signText(session, { ...step, bytes })))
    },
    async signTransaction(path, unsigned, options = {}) {
      const transaction = parseUnsigned(unsigned)
      const step = stepAt(path, options)
      return turns.take('asking', () =>
        run(options, (session) => signRawTransaction(session, { ...step, transaction })),
      )
    },
    async close() {
      closing.abort(new CancelledError('The step on the device'))
      await turns.idle()
      state.end()
    },
  }
}
