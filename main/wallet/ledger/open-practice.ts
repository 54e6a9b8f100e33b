import type { PracticeLedger } from '../practice-ledger/index.ts'
import { carriedBy } from './open-emulator.ts'
import type { TransportOpener } from './open-transport.ts'

/** A practice Ledger in this process: the same transport and the same bytes as over HTTP, without a port that others reach. */
export function practiceLedgerOpener(ledger: PracticeLedger): TransportOpener {
  return carriedBy(async (dataHex, signal) => {
    const answer = await ledger.exchange(Buffer.from(dataHex, 'hex'), { signal })
    return Buffer.from(answer).toString('hex')
  })
}
