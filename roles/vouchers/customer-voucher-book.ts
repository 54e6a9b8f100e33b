import { randomBytes } from 'node:crypto'
import { hexlify } from 'ethers'
import type { NetworkFile } from '../../contracts/client/index.ts'
import { sameAddress } from '../api/values.ts'
import { openDatabase, type Migration } from '../persistence/index.ts'
import { signVoucher, type VoucherSigner } from './sign-voucher.ts'
import { verifyVoucher } from './verify-voucher.ts'
import { VoucherError, type SignedVoucher } from './voucher.ts'

const migrations: readonly Migration[] = [
  {
    title: 'what was signed',
    sql: `CREATE TABLE issued (node TEXT NOT NULL, lane TEXT NOT NULL, cumulative_wei TEXT NOT NULL,
      PRIMARY KEY (node, lane)) STRICT`,
  },
]

/** Seconds that a voucher stays redeemable: long enough that a node need not hurry and pay more gas for it. */
const defaultLifetimeSeconds = 30 * 24 * 3600

/** A customer's side of vouchers: how much it has signed to whom. One lane per process (PROTOCOL 2.2). */
export type CustomerVoucherBook = {
  /** This process's lane: 32 random bytes as hex. */
  readonly lane: string
  /** What was signed to a node on this lane. */
  cumulativeWei(node: string): bigint
  /** What was signed to a node on all lanes of this home, ever: what its lock must have been able to pay. */
  issuedWei(node: string): bigint
  /** Adds `amountWei` to the running total; the new total is on disk before anyone sees the voucher. */
  pay(node: string, amountWei: bigint): Promise<SignedVoucher>
  /** The last voucher for a node signed again, or null when there is none. */
  last(node: string): Promise<SignedVoucher | null>
  /** The account that signs. */
  readonly customer: string
  /**
   * Takes over a higher total that a node shows with our own signature, on this lane or on one of a process whose book was
   * lost. Throws VoucherError VOUCHER_FORGED.
   */
  resynchronize(node: string, shown: SignedVoucher): void
  close(): void
}

export type CustomerVoucherBookOptions = {
  readonly path: string
  readonly network: NetworkFile
  readonly wallet: VoucherSigner & { readonly address: string }
  readonly lifetimeSeconds?: number
}

/** Opens the book with a fresh lane. Payments to one node must follow one another; `pay` sees to that itself. */
export function openCustomerVoucherBook(options: CustomerVoucherBookOptions): CustomerVoucherBook {
  const database = openDatabase(options.path, migrations)
  const lane = hexlify(randomBytes(32))
  const read = database.prepare('SELECT cumulative_wei FROM issued WHERE node = ? AND lane = ?')
  const readAll = database.prepare('SELECT cumulative_wei FROM issued WHERE node = ?')
  const write = database.prepare('INSERT OR REPLACE INTO issued (node, lane, cumulative_wei) VALUES (?, ?, ?)')
  const cumulativeWei = (node: string): bigint =>
    BigInt(String(read.get(node.toLowerCase(), lane)?.['cumulative_wei'] ?? '0'))
  const sign = (node: string, total: bigint): Promise<SignedVoucher> => {
    const lifetime = options.lifetimeSeconds ?? defaultLifetimeSeconds
    const expirySeconds = Math.floor(Date.now() / 1000) + lifetime
    const customer = options.wallet.address
    return signVoucher(options.wallet, options.network, { customer, node, lane, cumulativeWei: total, expirySeconds })
  }
  return {
    lane,
    customer: options.wallet.address,
    cumulativeWei,
    issuedWei: (node) =>
      readAll.all(node.toLowerCase()).reduce((sum, row) => sum + BigInt(String(row['cumulative_wei'])), 0n),
    pay(node, amountWei) {
      if (amountWei < 0n) throw new VoucherError('VOUCHER_LOWER', 'A running total never falls.')
      // Read and write in one tick: two payments at the same time cannot sign the same total for two things.
      const total = cumulativeWei(node) + amountWei
      write.run(node.toLowerCase(), lane, total.toString())
      return sign(node, total)
    },
    async last(node) {
      const total = cumulativeWei(node)
      return total === 0n ? null : sign(node, total)
    },
    resynchronize(node, shown) {
      const ours = sameAddress(shown.customer, options.wallet.address) && sameAddress(shown.node, node)
      if (!ours || !verifyVoucher(options.network, shown, shown.signature)) {
        throw new VoucherError('VOUCHER_FORGED', `Node ${node} shows a voucher that this customer did not sign.`)
      }
      const known = BigInt(String(read.get(node.toLowerCase(), shown.lane)?.['cumulative_wei'] ?? '0'))
      if (shown.cumulativeWei > known) write.run(node.toLowerCase(), shown.lane, shown.cumulativeWei.toString())
    },
    close: () => database.close(),
  }
}
