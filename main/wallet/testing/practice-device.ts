import { randomBytes } from 'node:crypto'
import type { OperatorDevice } from '../../api/hardware-signer.ts'
import type { PracticeScreen } from '../../api/wallet.ts'
import { createLedgerDevice } from '../ledger/device-ledger.ts'
import type { DeviceLimits } from '../ledger/apdu-limits.ts'
import { emulatorOpener } from '../ledger/open-emulator.ts'
import { createPracticeLedger, seededKeys, servePracticeLedger } from '../practice-ledger/index.ts'
import type { PracticeLedger, PracticeLedgerServer } from '../practice-ledger/index.ts'

/** A sentence as long as real ones, which need two parts. */
export const sentence = [
  'PRACTICE, no value',
  'Hearth: claim',
  '12.345678 PLAY',
  'to 0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  'Chain 8453, number 7',
  'Until 2026-12-01 12:00 UTC',
  'Contract 0x5fbdb2315678afecb367f032d93f642f64180aa3',
].join('\n')

export const bytesOf = (text: string) => new TextEncoder().encode(text)

/** A practice Ledger with a random account behind real sockets, and devices of ours that speak to it. */
export type PracticeDevice = {
  readonly ledger: PracticeLedger
  readonly server: PracticeLedgerServer
  /** Waits that tests can afford. */
  connect(limits?: Partial<DeviceLimits>): OperatorDevice
  stop(): Promise<void>
}

export async function startPracticeDevice(
  o: { model?: PracticeScreen['model']; port?: number | null; seed?: Uint8Array } = {},
): Promise<PracticeDevice> {
  const ledger = createPracticeLedger({
    keys: seededKeys(o.seed ?? randomBytes(32)),
    model: o.model ?? 'touch',
  })
  const server = await servePracticeLedger(ledger, { port: o.port ?? null })
  const devices: OperatorDevice[] = []
  return {
    ledger,
    server,
    connect(limits = {}) {
      const open = emulatorOpener({ host: server.host, port: server.port })
      const device = createLedgerDevice({ open, hardware: false, limits, at: `${server.host}:${server.port}` })
      devices.push(device)
      return device
    },
    async stop() {
      await Promise.all(devices.map((device) => device.close()))
      await server.close()
    },
  }
}

/** Resolves with the first screen that fits. */
export function screenThat(ledger: PracticeLedger, fits: (screen: PracticeScreen) => boolean): Promise<PracticeScreen> {
  return new Promise((resolve) => {
    const look = (screen: PracticeScreen) => {
      if (!fits(screen)) return
      undo()
      resolve(screen)
    }
    const undo = ledger.onChange(look)
    look(ledger.screen())
  })
}

export const isReview = ({ pages }: PracticeScreen) => pages > 1
