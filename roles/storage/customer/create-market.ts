import { getBytes, hexlify, type Result } from 'ethers'
import {
  currentPeriod,
  encodeAddPieces,
  encodeClear,
  encodeApprove,
  encodeLock,
  encodeTopUp,
  listDataSets,
  listNodes,
  readAllowance,
  readContract,
  readDataSet,
  readLatestBlock,
  readLock,
  readNode,
  readTiming,
  readTokenBalance,
  type DataSetView,
  type NodeEntry,
} from '../../../contracts/client/index.ts'
import { peerIdOfPublicKey, prefixOfMultiaddr } from '../../network/index.ts'
import type { CustomerContext } from './context.ts'
import { followHeirs, heritageOf } from './follow-heirs.ts'
import type { RegisteredProvider } from './find-providers.ts'
import type { Market, SetFacts } from './market.ts'
import type { OnBehalf } from './upload-piece.ts'

/** Thirty days (PROTOCOL 5.8); on the practice network nobody is new, since it is younger than that itself. */
const newOperatorSeconds = 30 * 24 * 3600

/** An allowance covers a few more files of this size, so that not every put needs its own approval. */
const allowanceFactor = 8n

/** Forgetting a piece costs about 10,000 gas. */
const piecesPerClear = 300

/** Payments waits this long for a transaction before it is given up. */
const transactionTimeoutMs = 120_000

/** The chain as a storage customer needs it, read and written through `contracts/client`. */
export async function createMarket(
  context: Pick<CustomerContext, 'chain' | 'wallet' | 'sender'>,
  onBehalf: OnBehalf = {},
): Promise<Market> {
  const { chain, sender } = context
  const { network } = chain
  const account = context.wallet.address
  const customer = onBehalf.customer ?? account
  const timing = await readTiming(chain)
  const send = async (call: Parameters<typeof sender.send>[0]): Promise<void> => {
    await sender.send(call, { timeoutMs: transactionTimeoutMs })
  }
  /** A few transactions for a set of thousands of pieces, one for most. */
  const clearSet = async ({ node, pieceCount }: DataSetView): Promise<void> => {
    for (let left = pieceCount; left > 0; left -= piecesPerClear) {
      await send(encodeClear(network, { customer, node, count: piecesPerClear }))
    }
  }
  return {
    network: { chainId: network.chainId, market: network.contracts.StorageMarket },
    customer,
    onBehalf,
    newOperatorSeconds: network.practice ? 0 : newOperatorSeconds,
    periodSeconds: timing.provingPeriodSeconds,
    prefixOf: (multiaddr) => prefixOfMultiaddr(multiaddr, { practice: network.practice }),
    async listProviders(options = {}) {
      const nodes = await listNodes(chain, { role: 'storage', signal: options.signal })
      return nodes.filter((node) => options.revokedToo || !node.revoked).map(providerOf)
    },
    followHeirs: (manifest) =>
      followHeirs(
        manifest,
        heritageOf(chain, customer, async (node) => (await readNode(chain, node))?.operator ?? node),
      ),
    currentPeriod: async () => currentPeriod((await readLatestBlock(chain)).timestampSeconds, timing),
    readSet: async (node) => factsOf(await readDataSet(chain, customer, node)),
    listSets: async () => (await listDataSets(chain, { customer })).map(factsOf).filter((set) => set !== null),
    async readLock(node) {
      const { lockedWei, thawingWei, redeemedWei } = await readLock(chain, account, node)
      return { availableWei: lockedWei - thawingWei, redeemedWei }
    },
    async retrievalPriceWei(node) {
      const [, retrievalPrice] = (await readContract(chain, 'StorageMarket', 'termsOf', [customer, node])) as Result
      return BigInt(retrievalPrice as bigint)
    },
    balanceWei: () => readTokenBalance(chain, account),
    async ensureAllowance(amountWei) {
      if ((await readAllowance(chain, account)) >= amountWei) return
      await send(encodeApprove(network, { amountWei: allowanceFactor * amountWei }))
    },
    lock: (amounts) => send(encodeLock(network, { nodes: [...amounts.keys()], amountsWei: [...amounts.values()] })),
    async clearEndedSets() {
      const { timestampSeconds } = await readLatestBlock(chain)
      const resting = new Set<string>()
      for (const set of await listDataSets(chain, { customer })) {
        const endedAtSeconds = set.endedAtSeconds ?? Infinity
        if (timestampSeconds >= endedAtSeconds + timing.deleteDelaySeconds) await clearSet(set)
        else if (set.state === 'dropping' || set.state === 'ended') resting.add(set.node.toLowerCase())
      }
      return resting
    },
    addPieces(node, acceptance, depositWei) {
      const pieces = acceptance.pieces.map((piece) => ({ ...piece, root: hexlify(piece.root) }))
      return send(encodeAddPieces(network, { ...acceptance, node, pieces, depositWei }))
    },
    topUp: (node, amountWei) => send(encodeTopUp(network, { customer, node, amountWei })),
  }
}

function providerOf({ node, operator, publicKey, boundAtSeconds }: NodeEntry): RegisteredProvider {
  return { node, operator, boundAtSeconds, peerId: peerIdOfPublicKey(getBytes(publicKey)) }
}

function factsOf(view: DataSetView): SetFacts
function factsOf(view: DataSetView | null): SetFacts | null
function factsOf(view: DataSetView | null): SetFacts | null {
  return view && { ...view, rateWei: view.pricePerPeriodWei }
}
