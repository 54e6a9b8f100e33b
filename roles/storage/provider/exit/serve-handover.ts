import { readDataSet, readHeir, readSetTerms, type Chain } from '../../../../contracts/client/index.ts'
import { sameAddress } from '../../../api/values.ts'
import type { FramedStream, NetworkNode } from '../../../network/index.ts'
import { handoverAcceptProtocol, handoverPutProtocol, handoverSchema } from '../../protocol/handover-frames.ts'
import { RefusedError } from '../errors.ts'
import { serveAccept } from '../serve-accept.ts'
import { assertSameNetwork, type ServeContext } from '../serve-context.ts'
import { assertFunds, createPutHandler, type Owner } from '../serve-put.ts'

const frameTimeoutMs = 10_000
const bytesPerLeaf = 32

/**
 * The heir's side: takes pieces of a customer from a node that leaves, and signs for them as it would for the customer.
 * Free of charge for both, since the escrow of the set comes along. Returns the undo.
 */
export function serveHandovers(context: ServeContext, chain: Chain, node: NetworkNode): () => void {
  const put = createPutHandler(context, (stream) => readOwner(context, chain, stream))
  const accept = (stream: FramedStream): Promise<void> =>
    serveAccept(context, stream, async (from) => (await readOwner(context, chain, from)).customer)
  const undos = [
    node.handle(handoverPutProtocol, put, { maxInboundStreams: 4 }),
    node.handle(handoverAcceptProtocol, accept, { maxInboundStreams: 4 }),
  ]
  return () => undos.forEach((undo) => undo())
}

/** Checks on the chain that the caller has an active set of the customer to give, and that this node may be its heir. */
async function readOwner(context: ServeContext, chain: Chain, stream: FramedStream): Promise<Owner> {
  const request = await stream.readFrame(handoverSchema, { timeoutMs: frameTimeoutMs })
  assertSameNetwork(context.network, request)
  const { customer } = request
  const leaver = stream.remoteAddress
  const own = context.role.start.node
  const [set, mine, heir, terms] = await Promise.all([
    readDataSet(chain, customer, leaver),
    readDataSet(chain, customer, own),
    readHeir(chain, customer, leaver),
    readSetTerms(chain, customer, leaver),
  ])
  if (set?.state !== 'active') {
    throw new RefusedError('badRequest', `Node ${leaver} has no running data set of that customer.`)
  }
  const isHeir = heir !== null && sameAddress(heir, own)
  if (!isHeir && (heir !== null || mine !== null)) {
    throw new RefusedError('badRequest', 'This node cannot be the heir of that data set.')
  }
  const prices = context.prices()
  if (
    prices.pricePerGiBPeriodWei > terms.pricePerGiBPeriodWei ||
    prices.retrievalPricePerMiBWei > terms.retrievalPricePerMiBWei
  ) {
    throw new RefusedError('priceChanged', 'This provider asks more than the data set pays.')
  }
  return {
    customer,
    // The escrow of the set comes along for its leaves; what waits beyond that, the customer must be able to pay as at a put.
    afford: (lengthBytes) => assertFunds(context, customer, lengthBytes, set.leafCount * bytesPerLeaf),
  }
}
