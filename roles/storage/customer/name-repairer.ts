import {
  encodeEndRepairer,
  encodeNameRepairer,
  encodeTakeBackBudget,
  encodeTopUpRepairer,
  listRepairNamings,
  readLatestBlock,
  readNode,
  readRepairNaming,
  readTiming,
  type RepairNaming,
  type RepairTerms,
} from '../../../contracts/client/index.ts'
import { HearthError } from '../../api/errors.ts'
import type { CodedFile } from '../protocol/manifest.ts'
import { TooFewTokensError } from './commit-file.ts'
import type { CustomerContext } from './context.ts'
import type { Market } from './market.ts'
import { openCurrent } from './open-current.ts'
import { makeTicket, sealTicket } from './repair-ticket-file.ts'

/** A node that cannot be named. */
export class RepairerUnknownError extends HearthError {}

export type NameOptions = {
  readonly manifest: Uint8Array
  readonly repairer: string
  /** Paid in now; added to the budget when the repairer is named already. */
  readonly budgetWei: bigint
  /** Per piece that is moved; a tenth of a token unless given. */
  readonly feePerPieceWei?: bigint
  /** Days until the naming ends by itself; a year unless given. */
  readonly days?: number
}

const daySeconds = 24 * 3600
const defaultDays = 365
const defaultFeePerPieceWei = 10n ** 17n
/** New nodes may ask so many times what the dearest of the file's asks today: prices move, but not without bound. */
const priceLeeway = 2n
/** A budget lasts for at least so many periods, however busy a repairer is; one that is small may go at once. */
const periodsOfBudget = 4n
const smallBudgetPieces = 16n
const transactionTimeoutMs = 120_000

/**
 * Names a repairer for the customer's files, with a budget, and makes the ticket of one file for it. Who is named already
 * gets the amount on top, with the terms as they were. Throws RepairerUnknownError, TooFewTokensError and errors of
 * manifest and chain.
 */
export async function nameRepairer(
  context: CustomerContext,
  options: NameOptions,
): Promise<{ ticket: Uint8Array; naming: RepairNaming }> {
  const { chain, wallet } = context
  const { manifest, market, secret } = await openCurrent(context, options.manifest)
  const entry = await readNode(chain, options.repairer)
  if (entry === null || entry.revoked || entry.role !== 'storage') {
    throw new RepairerUnknownError('REPAIRER_UNKNOWN', `${options.repairer} is no storage node of this network.`, {
      action: 'Name a node that `hearth store providers` shows.',
    })
  }
  const repairer = entry.node
  const { timestampSeconds } = await readLatestBlock(chain)
  await payIn(context, market, { ...options, repairer }, timestampSeconds, nodesOf(manifest))
  const naming = (await readRepairNaming(chain, { customer: wallet.address, repairer }))!
  const ticket = makeTicket(manifest, secret, { repairer, createdAtSeconds: timestampSeconds })
  return { ticket: sealTicket(ticket, entry.publicKey), naming }
}

async function payIn(
  context: CustomerContext,
  market: Market,
  options: NameOptions,
  nowSeconds: number,
  nodes: readonly string[],
): Promise<void> {
  const { chain, sender, wallet } = context
  const { repairer, budgetWei } = options
  const balanceWei = await market.balanceWei()
  if (budgetWei > balanceWei) throw new TooFewTokensError(budgetWei, balanceWei)
  if (budgetWei > 0n) await market.ensureAllowance(budgetWei)
  const present = await readRepairNaming(chain, { customer: wallet.address, repairer })
  const over = present !== null && present.endsAtSeconds <= nowSeconds
  const send = (call: Parameters<typeof sender.send>[0]) => sender.send(call, { timeoutMs: transactionTimeoutMs })
  if (over) await send(encodeTakeBackBudget(chain.network, { customer: wallet.address, repairer }))
  if (present !== null && !over) {
    if (budgetWei === 0n) return
    await send(encodeTopUpRepairer(chain.network, { customer: wallet.address, repairer, amountWei: budgetWei }))
    return
  }
  const terms = await termsFor(context, options, nowSeconds, nodes)
  await send(encodeNameRepairer(chain.network, { repairer, terms, budgetWei }))
}

/** Caps from what the file's own nodes ask for today. */
async function termsFor(
  { chain }: CustomerContext,
  { budgetWei, feePerPieceWei = defaultFeePerPieceWei, days = defaultDays }: NameOptions,
  nowSeconds: number,
  nodes: readonly string[],
): Promise<RepairTerms> {
  const asked = (await Promise.all(nodes.map((node) => readNode(chain, node)))).map((entry) => entry?.terms ?? null)
  const dearest = (price: 'pricePerGiBPeriodWei' | 'retrievalPricePerMiBWei'): bigint =>
    asked.reduce((most, terms) => (terms !== null && terms[price] > most ? terms[price] : most), 0n)
  return {
    priceCapPerGiBPeriodWei: priceLeeway * dearest('pricePerGiBPeriodWei'),
    retrievalPriceCapPerMiBWei: priceLeeway * dearest('retrievalPricePerMiBWei'),
    feePerPieceWei,
    feePerGiBWei: 0n,
    spendCapPerPeriodWei: capOf(budgetWei, feePerPieceWei),
    expirySeconds: nowSeconds + Math.round(days * daySeconds),
  }
}

function nodesOf(file: CodedFile): string[] {
  return [...new Set(file.segments.flatMap(({ pieces }) => pieces.map(({ node }) => node)))]
}

/** Ends a naming after its notice; what is left can be taken back from then on. Throws RepairerUnknownError NOT_NAMED. */
export async function endRepairer(
  { chain, sender, wallet }: CustomerContext,
  { repairer }: { readonly repairer: string },
): Promise<{ readonly endsAtSeconds: number; readonly nowSeconds: number; readonly budgetWei: bigint }> {
  const pair = { customer: wallet.address, repairer }
  const { timestampSeconds: nowSeconds } = await readLatestBlock(chain)
  const present = await readRepairNaming(chain, pair)
  if (present === null) {
    throw new RepairerUnknownError('NOT_NAMED', `${repairer} is not named as a repairer.`, { details: { repairer } })
  }
  const noticeSeconds = 2 * (await readTiming(chain)).provingPeriodSeconds
  if (present.endsAtSeconds > nowSeconds + noticeSeconds) {
    await sender.send(encodeEndRepairer(chain.network, { repairer }), { timeoutMs: transactionTimeoutMs })
  }
  const { endsAtSeconds, budgetWei } = (await readRepairNaming(chain, pair))!
  return { endsAtSeconds, nowSeconds, budgetWei }
}

/** Takes back what is left of all budgets whose naming is over. */
export async function takeBackBudgets({
  chain,
  sender,
  wallet,
}: CustomerContext): Promise<{ readonly repairer: string; readonly amountWei: bigint }[]> {
  const { timestampSeconds } = await readLatestBlock(chain)
  const over = (await listRepairNamings(chain, wallet.address)).filter(
    ({ endsAtSeconds }) => endsAtSeconds <= timestampSeconds,
  )
  for (const { customer, repairer } of over) {
    const call = encodeTakeBackBudget(chain.network, { customer, repairer })
    await sender.send(call, { timeoutMs: transactionTimeoutMs })
  }
  return over.map(({ repairer, budgetWei }) => ({ repairer, amountWei: budgetWei }))
}

/** A quarter of the budget, unless that would not even pay for one bad day of a small file. */
function capOf(budgetWei: bigint, feePerPieceWei: bigint): bigint {
  const [quarterWei, fewWei] = [budgetWei / periodsOfBudget, smallBudgetPieces * feePerPieceWei]
  return quarterWei >= fewWei ? quarterWei : budgetWei < fewWei ? budgetWei : fewWei
}
