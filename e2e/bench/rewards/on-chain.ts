import { id, parseEther, Wallet } from 'ethers'
import {
  type ChainCall,
  type ChainRoleName,
  chainRoleNames,
  encodeLock,
  encodeRedeemMany,
  epochOf,
  readAllPayments,
  readEpochBurned,
  readEpochClock,
  readLatestBlock,
  readOperatorEarnings,
  readRoleAccount,
  sendAndWait,
  voucherTypedData,
} from '../../../contracts/client/index.ts'
import { type Payment, recomputeEpoch } from '../../../contracts/rewards/index.ts'
import { authorizeCall, fundedWallet, sendAll, signTyped } from '../../../contracts/script/testing/actors.ts'
import { startTestChain, type TestChain } from '../../../contracts/script/testing/practice-chain.ts'
import { createRandom } from '../durability/random.ts'

/** How a recomputation compares with a chain on which every payment was really made. */
export type ChainComparison = {
  readonly operators: number
  readonly payments: number
  readonly epochs: number
  /** Shares, sums of operators and totals of epochs that were compared. */
  readonly compared: number
  /** What differed, in words; empty when all agree to the wei. */
  readonly differing: readonly string[]
}

type Worker = { readonly node: string; readonly role: ChainRoleName; readonly operator: string }

const timeoutMs = 60_000
const nodesPerLock = 100
const vouchersPerCall = 50
const readsAtOnce = 32
const epochCount = 3

/**
 * Lets operators with one to three roles be paid by vouchers over three epochs on a chain of its own, and recomputes each epoch from
 * the events that this left. Amounts range from a wei to what exceeds the ceilings. Compared after each epoch: every
 * account's shares with `accountOf`, every operator's sum with `earningsOf`, every total with `burnedIn`.
 */
export async function compareWithChain(operators: number, seed: number): Promise<ChainComparison> {
  const test = await startTestChain({ profile: 'real' })
  try {
    const random = createRandom(seed)
    const workers = await bindWorkers(test, operators, seed)
    const customer = await fundedWallet(test, parseEther('50000000'))
    await lockFor(test, customer, workers)
    const clock = await readEpochClock(test.chain)
    const paidSoFar = new Map<string, bigint>()
    const differing: string[] = []
    let compared = 0
    for (let round = 0; round < epochCount; round++) {
      await passEpoch(test, clock.epochSeconds)
      await payWorkers(test, customer, workers, paidSoFar, random)
      await passEpoch(test, clock.epochSeconds)
      const verdict = await compareAll(test, workers)
      compared += verdict.compared
      differing.push(...verdict.differing)
    }
    const payments = (await readPayments(test)).length
    return { operators, payments, epochs: epochCount, compared, differing }
  } finally {
    await test.stop()
  }
}

/** Binds one to three nodes to each operator, each by the sentence and the consents that a real one needs. */
async function bindWorkers(test: TestChain, operators: number, seed: number): Promise<Worker[]> {
  const workers: Worker[] = []
  const calls: ChainCall[] = []
  for (let index = 0; index < operators; index++) {
    const operator = new Wallet(id(`operator ${index} of ${seed}`), test.chain.provider)
    const roles = chainRoleNames.filter((_role, number) => (number + index) % 5 <= index % 3)
    const nodes = roles.map((role) => ({ role, wallet: new Wallet(id(`${role} ${index} of ${seed}`)) }))
    calls.push(await authorizeCall(test, operator, nodes))
    for (const { role, wallet } of nodes) workers.push({ role, node: wallet.address, operator: operator.address })
  }
  await sendInTurn(test, calls)
  return workers
}

/** Locks the same for every node, of half of what the customer has. */
async function lockFor(test: TestChain, customer: Wallet, workers: readonly Worker[]): Promise<void> {
  const each = parseEther('25000000') / BigInt(workers.length)
  for (const part of slices(workers, nodesPerLock)) {
    const lock = { nodes: part.map(({ node }) => node), amountsWei: part.map(() => each) }
    await sendAndWait(customer, encodeLock(test.network, lock), { timeoutMs })
  }
}

/** Pays three quarters of all nodes once or twice in the present epoch. */
async function payWorkers(
  test: TestChain,
  customer: Wallet,
  workers: readonly Worker[],
  paidSoFar: Map<string, bigint>,
  random: () => number,
): Promise<void> {
  const vouchers = []
  const largest = parseEther('8000000') / BigInt(workers.length)
  for (const { node } of workers) {
    for (let times = Math.floor(random() * 4); times > 0; times -= 2) {
      const cumulativeWei = (paidSoFar.get(node) ?? 0n) + amount(largest, random)
      paidSoFar.set(node, cumulativeWei)
      const voucher = { customer: customer.address, node, lane: id('lane'), cumulativeWei, expirySeconds: 2 ** 33 }
      const signature = await signTyped(customer, voucherTypedData(test.network, voucher))
      vouchers.push({ voucher, signature })
    }
  }
  const calls = slices(vouchers, vouchersPerCall).map((part) => encodeRedeemMany(test.network, { vouchers: part }))
  await sendInTurn(test, calls)
}

/** A third dust, a third anything, a third large enough that together they exceed the ceilings of an epoch. */
function amount(largest: bigint, random: () => number): bigint {
  const part = BigInt(Math.floor(random() * 2 ** 48))
  switch (Math.floor(random() * 3)) {
    case 0:
      return 1n + (part % 10n ** 11n)
    case 1:
      return 1n + ((largest >> BigInt(Math.floor(random() * 60))) * part) / 2n ** 48n
    default:
      return largest / 2n + ((largest / 2n) * part) / 2n ** 48n
  }
}

async function compareAll(test: TestChain, workers: readonly Worker[]) {
  const { chain } = test
  const payments = await readPayments(test)
  const differing: string[] = []
  const expect = (what: string, ours: bigint, theirs: bigint): void => {
    if (ours !== theirs) differing.push(`${what}: ${ours} wei recomputed, ${theirs} wei on chain`)
  }
  let compared = 0
  const byAccount = new Map<string, bigint>()
  const byOperator = new Map<string, bigint>()
  for (const epoch of new Set(payments.map((payment) => payment.epoch))) {
    const { burnedWei, shares } = recomputeEpoch([payments], epoch)
    for (const { operator, role, shareWei } of shares()) {
      addTo(byAccount, `${operator} ${chainRoleNames[role]!}`, shareWei)
      addTo(byOperator, operator, shareWei)
    }
    const burned = await readEpochBurned(chain, epoch)
    for (const [number, role] of chainRoleNames.entries()) {
      expect(`${role} burned in epoch ${epoch}`, burnedWei[number]!, burned[role])
      compared++
    }
  }
  await inParts(workers, async ({ operator, role }) => {
    const account = await readRoleAccount(chain, operator, role)
    const ours = byAccount.get(`${operator.toLowerCase()} ${role}`) ?? 0n
    expect(`${operator} as ${role}`, ours, account.settledRewardWei + account.dueRewardWei)
    compared++
  })
  await inParts([...new Set(workers.map(({ operator }) => operator))], async (operator) => {
    const { rewardsWei } = await readOperatorEarnings(chain, operator)
    expect(`${operator} in all roles`, byOperator.get(operator.toLowerCase()) ?? 0n, rewardsWei)
    compared++
  })
  return { compared, differing }
}

/** All payments so far, with the epochs of their blocks. */
async function readPayments({ chain, network }: TestChain): Promise<Payment[]> {
  const [clock, latest] = await Promise.all([readEpochClock(chain), readLatestBlock(chain)])
  const events = await readAllPayments(chain, { fromBlock: network.deployedAtBlock, toBlock: latest.number })
  return events.map(({ operator, role, atSeconds, burnedWei }) => ({
    operator,
    role: chainRoleNames.indexOf(role),
    epoch: epochOf(atSeconds, clock),
    burnedWei,
  }))
}

/** Goes to the first second of the next epoch. */
async function passEpoch(test: TestChain, epochSeconds: number): Promise<void> {
  const { timestampSeconds } = await readLatestBlock(test.chain)
  await test.passSeconds(epochSeconds - (timestampSeconds % epochSeconds))
}

/** Sends calls in parts from the account that has coins. */
async function sendInTurn(test: TestChain, calls: readonly ChainCall[]): Promise<void> {
  const from = new Wallet(test.funder.privateKey, test.chain.provider)
  for (const part of slices(calls, readsAtOnce)) await sendAll(test, from, part)
}

async function inParts<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const part of slices(items, readsAtOnce)) await Promise.all(part.map(work))
}

function slices<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

function addTo(sums: Map<string, bigint>, key: string, wei: bigint): void {
  sums.set(key, (sums.get(key) ?? 0n) + wei)
}
