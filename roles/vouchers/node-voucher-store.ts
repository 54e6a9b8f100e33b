import type { NetworkFile, Voucher } from '../../contracts/client/index.ts'
import { sameAddress } from '../api/values.ts'
import type { Database, Migration, Row } from '../persistence/index.ts'
import { decideService, type ServiceDecision } from './decide-service.ts'
import { verifyVoucher } from './verify-voucher.ts'
import { VoucherError, type SignedVoucher } from './voucher.ts'

/** Append these to the migrations of the database that the store is given. */
export const voucherMigrations: readonly Migration[] = [
  {
    title: 'vouchers held and work done for them',
    sql: `
      CREATE TABLE vouchers (
        customer TEXT NOT NULL, lane TEXT NOT NULL, cumulative_wei TEXT NOT NULL, expiry_seconds INTEGER NOT NULL,
        signature BLOB NOT NULL, spent_wei TEXT NOT NULL, redeemed_wei TEXT NOT NULL,
        PRIMARY KEY (customer, lane)) STRICT;
      CREATE TABLE trust (
        customer TEXT PRIMARY KEY, debt_wei TEXT NOT NULL, debt_bytes INTEGER NOT NULL) STRICT`,
  },
]

/** Seconds that a voucher must still live when it comes; less is too short to be redeemed in peace. */
const minimumLifetimeSeconds = 600

/** A request for work with what pays for it. */
export type ServiceRequest = {
  readonly customer: string
  readonly lengthBytes: number
  readonly priceWei: bigint
  /** The customer's lock with this node, read from the chain not long ago. */
  readonly lockedWei: bigint
  readonly voucher: SignedVoucher | null
  readonly nowSeconds: number
  /** Bytes that this customer may have on trust in all; `creditBytes` of this folder is the rule. */
  readonly creditBytes: number
}

/** A part of a booking that is to be undone: of a lane, or of the trust when `lane` is null. */
export type Booking = {
  readonly customer: string
  readonly lane: string | null
  readonly wei: bigint
  readonly bytes: number
}

/** A voucher held, with what of it has been redeemed. */
export type HeldVoucher = SignedVoucher & { readonly redeemedWei: bigint; readonly spentWei: bigint }

/** A node's side of vouchers. Everything it answers is durable before it returns. */
export type NodeVoucherStore = {
  /**
   * Takes the voucher and decides. After `paid` or `onTrust` the work is booked: serve it.
   * Throws VoucherError for one that must not be taken; nothing is booked then.
   */
  charge(request: ServiceRequest): ServiceDecision
  /** Gives back what was booked for bytes that were not sent after all. Never more than was booked. */
  refund(booking: Booking): void
  last(customer: string, lane: string): HeldVoucher | null
  /** The voucher of a customer that is worth most beyond what was redeemed, on whatever lane; null without one. */
  largestOpen(customer: string): HeldVoucher | null
  /** Vouchers that are worth more than was redeemed. */
  unredeemed(): HeldVoucher[]
  unredeemedWei(): bigint
  /** Notes what the chain says a lane has redeemed. */
  setRedeemed(customer: string, lane: string, redeemedWei: bigint): void
}

/** The store over a database that was opened with `voucherMigrations`. `node` is this node's account. */
export function createNodeVoucherStore(database: Database, network: NetworkFile, node: string): NodeVoucherStore {
  const statements = prepare(database)
  const held = (row: Row): HeldVoucher => ({
    customer: String(row['customer']),
    node,
    lane: String(row['lane']),
    cumulativeWei: BigInt(String(row['cumulative_wei'])),
    expirySeconds: Number(row['expiry_seconds']),
    signature: row['signature'] as Uint8Array,
    spentWei: BigInt(String(row['spent_wei'])),
    redeemedWei: BigInt(String(row['redeemed_wei'])),
  })
  const last = (customer: string, lane: string): HeldVoucher | null => {
    const row = statements.read.get(customer.toLowerCase(), lane)
    return row === null ? null : held(row)
  }
  const unredeemed = (): HeldVoucher[] =>
    statements.all
      .all()
      .map(held)
      .filter((voucher) => voucher.cumulativeWei > voucher.redeemedWei)
  const openWei = (voucher: HeldVoucher): bigint => voucher.cumulativeWei - voucher.redeemedWei
  return {
    last,
    unredeemed,
    largestOpen: (customer) =>
      unredeemed()
        .filter((voucher) => sameAddress(voucher.customer, customer))
        .reduce<HeldVoucher | null>((most, one) => (most === null || openWei(one) > openWei(most) ? one : most), null),
    unredeemedWei: () => unredeemed().reduce((sum, each) => sum + each.cumulativeWei - each.redeemedWei, 0n),
    setRedeemed: (customer, lane, redeemedWei) =>
      void statements.redeem.run(redeemedWei.toString(), customer.toLowerCase(), lane),
    refund: (booking) => database.transaction(() => undo(statements, booking)),
    charge(request) {
      const { voucher } = request
      if (voucher !== null) assertTakable(voucher, request, network, node)
      const customer = request.customer.toLowerCase()
      return database.transaction(() => {
        const before = voucher === null ? null : last(customer, voucher.lane)
        if (voucher !== null && (before === null || voucher.cumulativeWei > before.cumulativeWei)) {
          statements.write.run(
            customer,
            voucher.lane,
            voucher.cumulativeWei.toString(),
            voucher.expirySeconds,
            voucher.signature,
          )
        }
        return book(statements, request, voucher === null ? null : last(customer, voucher.lane), unredeemed())
      })
    },
  }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: Database) {
  return {
    read: database.prepare('SELECT * FROM vouchers WHERE customer = ? AND lane = ?'),
    all: database.prepare('SELECT * FROM vouchers ORDER BY customer, lane'),
    write: database.prepare(
      `INSERT INTO vouchers (customer, lane, cumulative_wei, expiry_seconds, signature, spent_wei, redeemed_wei)
       VALUES (?, ?, ?, ?, ?, '0', '0') ON CONFLICT (customer, lane) DO UPDATE SET
       cumulative_wei = excluded.cumulative_wei, expiry_seconds = excluded.expiry_seconds, signature = excluded.signature`,
    ),
    spend: database.prepare('UPDATE vouchers SET spent_wei = ? WHERE customer = ? AND lane = ?'),
    redeem: database.prepare('UPDATE vouchers SET redeemed_wei = ? WHERE customer = ? AND lane = ?'),
    trust: database.prepare('SELECT debt_wei, debt_bytes FROM trust WHERE customer = ?'),
    setTrust: database.prepare('INSERT OR REPLACE INTO trust (customer, debt_wei, debt_bytes) VALUES (?, ?, ?)'),
  }
}

/** Decides with what the database holds and books the outcome; runs inside the caller's transaction. */
function book(
  statements: Statements,
  request: ServiceRequest,
  lane: HeldVoucher | null,
  unredeemed: readonly HeldVoucher[],
): ServiceDecision {
  const customer = request.customer.toLowerCase()
  const trust = statements.trust.get(customer)
  const debtWei = BigInt(String(trust?.['debt_wei'] ?? '0'))
  const debtBytes = Number(trust?.['debt_bytes'] ?? 0)
  const others = unredeemed.filter((other) => other.customer === customer && other.lane !== lane?.lane)
  const decision = decideService({
    lengthBytes: request.lengthBytes,
    priceWei: request.priceWei,
    spentWei: lane?.spentWei ?? 0n,
    debtWei,
    debtBytes,
    cumulativeWei: lane?.cumulativeWei ?? 0n,
    redeemedWei: lane?.redeemedWei ?? 0n,
    otherUnredeemedWei: others.reduce((sum, other) => sum + other.cumulativeWei - other.redeemedWei, 0n),
    lockedWei: request.lockedWei,
    creditBytes: request.creditBytes,
  })
  if (decision.kind === 'onTrust') {
    const wei = (debtWei + request.priceWei).toString()
    statements.setTrust.run(customer, wei, debtBytes + request.lengthBytes)
  }
  if (decision.kind === 'paid' && lane !== null) {
    const spent = (lane.spentWei + debtWei + request.priceWei).toString()
    statements.spend.run(spent, customer, lane.lane)
    statements.setTrust.run(customer, '0', 0)
  }
  return decision
}

function undo(statements: Statements, booking: Booking): void {
  const customer = booking.customer.toLowerCase()
  const less = (value: bigint): string => (value > booking.wei ? value - booking.wei : 0n).toString()
  if (booking.lane !== null) {
    const spent = BigInt(String(statements.read.get(customer, booking.lane)?.['spent_wei'] ?? '0'))
    statements.spend.run(less(spent), customer, booking.lane)
    return
  }
  const trust = statements.trust.get(customer)
  const debtBytes = Math.max(0, Number(trust?.['debt_bytes'] ?? 0) - booking.bytes)
  statements.setTrust.run(customer, less(BigInt(String(trust?.['debt_wei'] ?? '0'))), debtBytes)
}

function assertTakable(voucher: SignedVoucher, request: ServiceRequest, network: NetworkFile, node: string): void {
  if (!sameAddress(voucher.customer, request.customer) || !sameAddress(voucher.node, node)) {
    throw new VoucherError('VOUCHER_FOREIGN', 'The voucher is not from this customer to this node.')
  }
  if (voucher.expirySeconds < request.nowSeconds + minimumLifetimeSeconds) {
    throw new VoucherError('VOUCHER_EXPIRING', 'The voucher expires too soon to be redeemed.')
  }
  const plain: Voucher = voucher
  if (!verifyVoucher(network, plain, voucher.signature)) {
    throw new VoucherError('VOUCHER_FORGED', 'The voucher does not carry its customer’s signature.')
  }
}
