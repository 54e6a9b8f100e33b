import { epochOf, readEpochClock, readLatestBlock } from '../../contracts/client/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import { sameAddress } from '../../roles/api/values.ts'
import type { TaxPrice } from '../api/earnings.ts'
import type { BooksService } from '../api/engine.ts'
import type { Platform } from '../api/platform.ts'
import type { Settings } from '../api/settings.ts'
import {
  claimGas,
  type ClaimTerms,
  csvNotes,
  earningsCsvParts,
  LedgerChangedError,
  type Prices,
  pricesOf,
  verifyEpoch,
} from '../earnings/index.ts'
import { writeExport } from '../store/index.ts'
import { bounded } from './bounded.ts'
import type { Session } from './session.ts'

/** A price of gas that is this old is asked for again. */
const gasPriceMs = 15_000
const chainAnswerMs = 5_000
/** Recomputing an epoch reads every payment there ever was. */
const verifyMs = 120_000

/** The question cannot be answered as things stand; nothing has changed. */
export class BooksError extends HearthError {}

/** What of a session the books need. */
export type BooksSession = Pick<Session, 'chain' | 'operator' | 'book' | 'conditions'>

export type BooksParts = {
  /** Null while there is no network. */
  readonly session: () => BooksSession | null
  readonly platform: Pick<Platform, 'chooseSavePath'>
  readonly settings: () => Settings
  readonly change: (change: (settings: Settings) => Settings) => Promise<void>
}

/** Answers what the earnings page asks. */
export function createBooksDesk(parts: BooksParts): BooksService {
  const session = () => {
    const open = parts.session()
    if (open !== null) return open
    throw new BooksError('NETWORK_STARTING', 'The network is not there yet, so the earnings cannot be read.', {
      action: 'Wait until it has started.',
    })
  }
  const gasPrice = followGasPrice()
  return {
    async overview() {
      const { chain, book, conditions } = session()
      const terms = claimTerms(await gasPrice(chain.provider), chain.network.nativeWeiPerToken, parts.settings())
      return book.overview({ terms, conditions: conditions.between })
    },
    ledger: async (page) => session().book.ledger(page),
    setMinimum: ({ micro }) =>
      parts.change((settings) => ({ ...settings, claimMinimumMicro: BigInt(micro).toString() })),
    saveCsv: ({ price }) => saveCsv(session(), parts.platform, price),
    verifyReward: ({ epoch }) => verifyReward(session(), epoch),
  }
}

/** A claim at a price of gas; where that is not known, the advice says that it knows no rate. */
function claimTerms(gasPriceWei: bigint | null, nativeWeiPerToken: string, settings: Settings): ClaimTerms {
  return {
    gasWei: claimGas * (gasPriceWei ?? 0n),
    nativeWeiPerToken: gasPriceWei === null ? 0n : BigInt(nativeWeiPerToken),
    ownMinimumMicro: BigInt(settings.claimMinimumMicro),
  }
}

type Provider = BooksSession['chain']['provider']

/** The price of gas, asked for now and then; null when nobody answers and nobody has. */
function followGasPrice(): (provider: Provider) => Promise<bigint | null> {
  let last: { readonly wei: bigint; readonly atMs: number } | null = null
  return async (provider) => {
    if (last !== null && Date.now() - last.atMs < gasPriceMs) return last.wei
    const fees = await bounded(provider.getFeeData(), 'Reading the price of gas', chainAnswerMs).catch(() => null)
    const wei = fees?.maxFeePerGas ?? fees?.gasPrice ?? null
    if (wei !== null) last = { wei, atMs: Date.now() }
    return last?.wei ?? null
  }
}

async function saveCsv(
  { book, chain, operator }: BooksSession,
  { chooseSavePath }: Pick<Platform, 'chooseSavePath'>,
  entered: TaxPrice,
): Promise<{ savedAs: string | null; rows: number }> {
  // Wrong prices are told before anybody chooses a folder.
  const prices = pricesOf(entered)
  if (chooseSavePath === null) {
    throw new BooksError('NO_DIALOG', 'There is no window to ask where the file should go.', {
      action: 'Use `hearth earnings --csv` and send its output to a file.',
    })
  }
  const suggestedName = `hearth-earnings-${new Date().toISOString().slice(0, 10)}.csv`
  const savedAs = await chooseSavePath({ suggestedName, kind: { name: 'CSV', extension: 'csv' } })
  if (savedAs === null) return { savedAs, rows: 0 }
  const { reconciles, asOfBlock, rows } = await writeLedger(savedAs, book, prices)
  const notes = csvNotes({ operator, network: chain.network, asOfBlock, prices, reconciles })
  await writeExport(`${savedAs}.notes.txt`, `${notes.join('\r\n')}\r\n`)
  return { savedAs, rows }
}

/** A reorganization in the middle of an export begins it anew; more than so many in a row are told. */
const exportAttempts = 3

/** Writes the whole ledger part by part: the window, the workers and the chain are answered in between. */
async function writeLedger(path: string, book: BooksSession['book'], prices: Prices | null, attempt = 1) {
  const { reconciles = false, asOfBlock = null } = book.summary() ?? {}
  const count = { rows: 0 }
  try {
    await writeExport(path, earningsCsvParts(counted(book.rows(), count), prices))
    return { reconciles, asOfBlock, ...count }
  } catch (error) {
    if (!(error instanceof LedgerChangedError) || attempt >= exportAttempts) throw error
    return writeLedger(path, book, prices, attempt + 1)
  }
}

function* counted<T>(rows: Iterable<T>, count: { rows: number }): Generator<T> {
  for (const row of rows) {
    count.rows++
    yield row
  }
}

async function verifyReward(
  { chain, operator }: BooksSession,
  epoch: number,
): ReturnType<BooksService['verifyReward']> {
  const signal = AbortSignal.timeout(verifyMs)
  const [clock, { timestampSeconds }] = await Promise.all([
    readEpochClock(chain, { signal }),
    readLatestBlock(chain, { signal }),
  ])
  const current = epochOf(timestampSeconds, clock)
  if (epoch >= current) {
    throw new BooksError('EPOCH_NOT_OVER', `Epoch ${epoch} is not over; epoch ${current} runs.`, {
      action: 'Choose an earlier one, or wait.',
    })
  }
  const verdict = await bounded(verifyEpoch({ chain, epoch, signal }), 'Recomputing the epoch', verifyMs)
  const own = verdict.shares.filter((share) => sameAddress(share.operator, operator))
  return {
    epoch,
    operators: new Set(verdict.shares.map((share) => share.operator)).size,
    contractWei: own.reduce((sum, { onChainWei }) => sum + onChainWei, 0n).toString(),
    recomputedWei: own.reduce((sum, { recomputedWei }) => sum + recomputedWei, 0n).toString(),
    equal: verdict.equal,
  }
}
