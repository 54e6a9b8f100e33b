import { z } from 'zod'
import { HearthError } from '../../roles/api/errors.ts'
import { addressSchema } from '../../roles/api/values.ts'
import { writeFileAtomic } from '../../roles/persistence/index.ts'
import { deviceChoiceSchema } from '../api/wallet.ts'
import { lockWithin } from './lock-within.ts'
import { fileMode } from './modes.ts'
import { readTextIfThere } from './read-text.ts'

/** Where an operator's claims may go, as his device confirmed it on this computer. */
const confirmedPayoutSchema = z.object({
  /** What claims go to; null while it was never confirmed here. */
  current: addressSchema.nullable(),
  /** A change that was signed here and takes effect after its waiting time. */
  next: addressSchema.nullable(),
})

const walletRecordSchema = z.object({
  formatVersion: z.literal(1),
  /** The device that the person chose; null before any choice. */
  choice: deviceChoiceSchema.nullable(),
  /** The account that the chosen device named; null until it did. */
  account: addressSchema.nullable(),
  /** Whom this computer works for; null while nobody was named. */
  operator: addressSchema.nullable(),
  /** By operator, in lower case. */
  payouts: z.record(z.string(), confirmedPayoutSchema),
})

export type ConfirmedPayout = Readonly<z.infer<typeof confirmedPayoutSchema>>

/** wallet.json of a home on one network. */
export type WalletRecord = Readonly<z.infer<typeof walletRecordSchema>>

/** The wallet file cannot be understood. Never replaced: it says where claims may go. */
export class WalletRecordError extends HearthError {}

/** The only way to wallet.json. */
export type WalletRecordStore = {
  readonly path: string
  /** What the file says; an empty record when there is none. Rejects with WalletRecordError. */
  read(): Promise<WalletRecord>
  /** Reads, changes and writes durably as one step, also between processes. Rejects with WalletRecordError. */
  update(change: (record: WalletRecord) => WalletRecord): Promise<WalletRecord>
}

const emptyRecord: WalletRecord = { formatVersion: 1, choice: null, account: null, operator: null, payouts: {} }
/** How long an update waits for another process that writes the same file. */
const lockWaitMs = 5_000

/** Opens the wallet record at a path; nothing is read or written before it is asked for. */
export function openWalletRecord(path: string): WalletRecordStore {
  const read = async () => parse(path, await readTextIfThere(path))
  let last: Promise<unknown> = Promise.resolve()
  const updateLocked = async (change: (record: WalletRecord) => WalletRecord) => {
    const lock = await lockWithin(`${path}.lock`, lockWaitMs)
    try {
      const next = walletRecordSchema.parse(change(await read()))
      await writeFileAtomic(path, `${JSON.stringify(next, null, 2)}\n`, { mode: fileMode })
      return next
    } finally {
      lock.release()
    }
  }
  return {
    path,
    read,
    update(change) {
      const update = last.then(() => updateLocked(change))
      last = update.catch(() => {})
      return update
    },
  }
}

/** What an operator's device confirmed on this computer. */
export function confirmedPayoutOf(record: WalletRecord, operator: string): ConfirmedPayout {
  return record.payouts[operator.toLowerCase()] ?? { current: null, next: null }
}

/** The record with another confirmed payout of an operator. */
export function withConfirmedPayout(record: WalletRecord, operator: string, payout: ConfirmedPayout): WalletRecord {
  return { ...record, payouts: { ...record.payouts, [operator.toLowerCase()]: payout } }
}

function parse(path: string, text: string | null): WalletRecord {
  if (text === null) return emptyRecord
  try {
    return walletRecordSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new WalletRecordError('WALLET_RECORD_INVALID', `The wallet file ${path} cannot be understood.`, {
      action: 'Put a backup in its place, or move it away; your device then confirms its account and payout anew.',
      details: { path },
      cause,
    })
  }
}
