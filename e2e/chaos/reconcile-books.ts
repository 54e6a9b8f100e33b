import { join } from 'node:path'
import {
  encodeRedeemMany,
  interfaces,
  listDataSets,
  readLaneRedeemed,
  readLock,
  readOperatorEarnings,
  readTokenBalance,
  sendAndWait,
} from '../../contracts/client/index.ts'
import { readLogs } from '../../contracts/client/read-logs.ts'
import { openDatabaseForReading, type Row } from '../../roles/persistence/index.ts'
import { customerTokensWei, type ChaosTown } from './start-town.ts'

type PaidEvent = { readonly name: string; readonly args: Record<string, unknown> }

/** Sums in wei by key. */
class Sums extends Map<string, bigint> {
  add(key: string, wei: unknown): void {
    this.set(key, this.of(key) + BigInt(wei as bigint))
  }
  of(key: string): bigint {
    return this.get(key) ?? 0n
  }
  total(): bigint {
    return [...this.values()].reduce((sum, wei) => sum + wei, 0n)
  }
}

/**
 * Redeems every voucher that a provider holds and then compares the books of providers, customer and chain to the wei.
 * Returns what differs; all processes must be quiet.
 */
export async function reconcileBooks(town: ChaosTown): Promise<{ wrong: string[]; paidWei: bigint }> {
  const issued = readIssued(town)
  const wrong: string[] = []
  for (const provider of town.providers) wrong.push(...(await redeemAll(town, provider, issued)))
  const sums = await sumEvents(town, wrong)
  const { chain } = town.test
  for (const { operator, process } of town.providers) {
    const { earnedWei, rewardsWei, burnedWei } = await readOperatorEarnings(chain, operator)
    // Shares of epochs that ended meanwhile come on top of what customers paid.
    const fromCustomersWei = earnedWei - rewardsWei
    expectEqual(wrong, `${process.name}: earned`, fromCustomersWei, sums.earned.of(operator))
    const paid = sums.proofs.of(operator) + sums.redeemed.of(operator)
    expectEqual(wrong, `${process.name}: earned and burned`, fromCustomersWei + burnedWei, paid)
  }
  await compareCustomer(town, sums, wrong)
  await compareTokens(town, sums, wrong)
  return { wrong, paidWei: sums.proofs.total() + sums.redeemed.total() }
}

function expectEqual(wrong: string[], what: string, found: bigint, expected: bigint): void {
  if (found !== expected) wrong.push(`${what} is ${found} wei, the other book says ${expected}`)
}

function readRows(path: string, sql: string): Row[] {
  const database = openDatabaseForReading(path)
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

/** What the customer signed, by node and lane. */
function readIssued(town: ChaosTown): Sums {
  const issued = new Sums()
  const path = join(town.customer.config.directory, 'vouchers.sqlite')
  for (const row of readRows(path, 'SELECT * FROM issued'))
    issued.add(`${String(row['node'])} ${String(row['lane'])}`, row['cumulative_wei'])
  return issued
}

async function redeemAll(
  town: ChaosTown,
  { node, process }: ChaosTown['providers'][number],
  issued: Sums,
): Promise<string[]> {
  const { test, customerAddress } = town
  const wrong: string[] = []
  const rows = readRows(join(process.config.directory, 'storage.sqlite'), 'SELECT * FROM vouchers')
  const vouchers = rows.map((row) => ({
    signature: row['signature'] as Uint8Array,
    voucher: {
      customer: customerAddress,
      node,
      lane: String(row['lane']),
      cumulativeWei: BigInt(String(row['cumulative_wei'])),
      expirySeconds: Number(row['expiry_seconds']),
    },
  }))
  for (let first = 0; first < vouchers.length; first += 20) {
    const batch = vouchers.slice(first, first + 20)
    await sendAndWait(test.funder, encodeRedeemMany(test.network, { vouchers: batch }), { timeoutMs: 20_000 })
  }
  for (const { voucher } of vouchers) {
    const redeemed = await readLaneRedeemed(test.chain, customerAddress, node, voucher.lane)
    expectEqual(wrong, `${process.name}: lane ${voucher.lane} redeemed`, redeemed, voucher.cumulativeWei)
    if (voucher.cumulativeWei > issued.of(`${node.toLowerCase()} ${voucher.lane}`))
      wrong.push(`${process.name}: lane ${voucher.lane} holds more than the customer remembers to have signed`)
  }
  return wrong
}

type EventSums = {
  readonly earned: Sums
  readonly proofs: Sums
  readonly redeemed: Sums
  readonly locked: Sums
  readonly redeemedByNode: Sums
  /** Put into escrows, and what came back from those of ended sets. */
  readonly escrow: bigint
  readonly refunded: bigint
  /** What left by claims, moves into stake and withdrawals of locks. */
  readonly left: bigint
  readonly proofsWei: bigint
}

async function sumEvents(town: ChaosTown, wrong: string[]): Promise<EventSums> {
  const operators = new Map(town.providers.map(({ node, operator }) => [node, operator]))
  const [payments, market] = await Promise.all([readAll(town, 'Payments'), readAll(town, 'StorageMarket')])
  const sums = { earned: new Sums(), proofs: new Sums(), redeemed: new Sums(), locked: new Sums() }
  const redeemedByNode = new Sums()
  const proven = new Set<string>()
  let escrow = 0n
  let [refunded, left] = [0n, 0n]
  for (const { name, args } of payments) {
    if (name === 'Earned') sums.earned.add(String(args['operator']), args['earnedWei'])
    if (name === 'Locked') sums.locked.add(String(args['node']), args['amount'])
    if (name === 'EscrowFunded') escrow += BigInt(args['amount'] as bigint)
    if (name === 'EscrowRefunded') refunded += BigInt(args['amount'] as bigint)
    if (name === 'Claimed' || name === 'MovedToStake' || name === 'Withdrawn') left += BigInt(args['amount'] as bigint)
    if (name === 'VoucherRedeemed') {
      sums.redeemed.add(operators.get(String(args['node'])) ?? '', args['amount'])
      redeemedByNode.add(String(args['node']), args['amount'])
    }
  }
  for (const { name, args } of market) {
    if (name !== 'PossessionProven') continue
    const key = `${String(args['node'])} ${String(args['customer'])} ${String(args['period'])}`
    if (proven.has(key)) wrong.push(`a period was paid twice: ${key}`)
    proven.add(key)
    sums.proofs.add(operators.get(String(args['node'])) ?? '', args['paidWei'])
  }
  for (const { process, node, said } of town.providers) {
    for (const line of said) {
      if (line.kind !== 'event' || line.event.kind !== 'proofAccepted') continue
      const { customer, period } = line.event
      if (!proven.has(`${node} ${customer} ${period}`))
        wrong.push(`${process.name}: proof of ${period} is not on chain`)
    }
  }
  return { ...sums, redeemedByNode, escrow, refunded, left, proofsWei: sums.proofs.total() }
}

async function readAll(town: ChaosTown, contract: 'Payments' | 'StorageMarket' | 'Rewards'): Promise<PaidEvent[]> {
  const { chain } = town.test
  const toBlock = await chain.provider.getBlockNumber()
  const logs = await readLogs(chain, contract, [], { fromBlock: 0, toBlock })
  return logs.flatMap((log) => {
    const parsed = interfaces[contract].parseLog(log)
    return parsed === null ? [] : [{ name: parsed.name, args: parsed.args.toObject() }]
  })
}

/** The customer's purse, locks and escrows hold together what it began with, less what was paid from them. */
async function compareCustomer(town: ChaosTown, sums: EventSums, wrong: string[]): Promise<void> {
  const { test, customerAddress } = town
  const sets = await listDataSets(test.chain, { customer: customerAddress })
  const escrowWei = sets.reduce((sum, set) => sum + set.escrowWei, 0n)
  expectEqual(wrong, 'escrow left', escrowWei, sums.escrow - sums.refunded - sums.proofsWei)
  for (const { node, process } of town.providers) {
    const { lockedWei, redeemedWei } = await readLock(test.chain, customerAddress, node)
    expectEqual(wrong, `${process.name}: lock`, lockedWei, sums.locked.of(node) - sums.redeemedByNode.of(node))
    expectEqual(wrong, `${process.name}: redeemed`, redeemedWei, sums.redeemedByNode.of(node))
  }
  const balance = await readTokenBalance(test.chain, customerAddress)
  const leftWei = customerTokensWei - sums.escrow + sums.refunded - sums.locked.total()
  expectEqual(wrong, 'purse of the customer', balance, leftWei)
}

/** The tokens in `Payments` are what went in, less what left, more what closed epochs minted, less what they destroyed. */
async function compareTokens(town: ChaosTown, sums: EventSums, wrong: string[]): Promise<void> {
  const { chain } = town.test
  let epochsWei = 0n
  for (const { name, args } of await readAll(town, 'Rewards')) {
    if (name !== 'EpochFinalized') continue
    const burned = args['burnedWei'] as readonly bigint[]
    epochsWei += BigInt(args['mintedWei'] as bigint) - burned.reduce((total, wei) => total + wei, 0n)
  }
  const balance = await readTokenBalance(chain, chain.network.contracts.Payments)
  const expected = sums.escrow - sums.refunded + sums.locked.total() - sums.left + epochsWei
  expectEqual(wrong, 'tokens in Payments', balance, expected)
}
