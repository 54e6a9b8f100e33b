import { createHash } from 'node:crypto'
import { verifyMessage } from 'ethers'
import type { z } from 'zod'
import { sameAddress } from '../../api/values.ts'
import type { FramedStream } from '../../network/index.ts'
import { catalogueRequestSchema, catalogueText } from '../protocol/catalogue-frames.ts'
import { answerRefusals } from './answer-refusals.ts'
import type { CatalogueStore } from './catalogue-store.ts'
import { RefusedError } from './errors.ts'
import { assertSameNetwork, assertServing, type ServeContext } from './serve-context.ts'

const frameTimeoutMs = 10_000
const transferTimeoutMs = 60_000

type Keep = Extract<z.infer<typeof catalogueRequestSchema>, { kind: 'keepCatalogue' }>

/**
 * Keeps a customer's newest catalogue of manifests and gives it back to that customer alone, free of charge: it is small, there is
 * one for each customer, and only customers with a data set here may leave one.
 */
export async function serveCatalogue(
  context: ServeContext,
  catalogues: CatalogueStore,
  stream: FramedStream,
): Promise<void> {
  await answerRefusals(stream, async () => {
    const request = await stream.readFrame(catalogueRequestSchema, { timeoutMs: frameTimeoutMs })
    assertSameNetwork(context.network, request)
    assertServing(context)
    switch (request.kind) {
      case 'keepCatalogue':
        return keep(context, catalogues, stream, request)
      case 'readCatalogue':
        return give(catalogues, stream)
    }
  })
}

async function keep(context: ServeContext, catalogues: CatalogueStore, stream: FramedStream, request: Keep) {
  const customer = stream.remoteAddress
  const bytes = new Uint8Array(request.lengthBytes)
  let done = 0
  for await (const part of stream.readBytes(request.lengthBytes, { timeoutMs: transferTimeoutMs })) {
    bytes.set(part, done)
    done += part.length
  }
  if (!isSigned(context, customer, request, bytes)) {
    throw new RefusedError('badRequest', 'The catalogue is not signed by the customer who brings it.')
  }
  // The chain is asked: the first set of a customer is a block old when its catalogue arrives.
  if ((await context.customers.nextSequence(customer)) === 0) {
    throw new RefusedError('badRequest', 'This provider keeps catalogues only of customers that store with it.')
  }
  const { version, signature } = request
  const result = catalogues.keep(customer, { version, bytes, signature }, context.nowSeconds())
  await stream.writeFrame(
    { kind: result.kept ? 'kept' : 'newer', version: result.version },
    { timeoutMs: frameTimeoutMs },
  )
}

async function give(catalogues: CatalogueStore, stream: FramedStream): Promise<void> {
  const kept = catalogues.read(stream.remoteAddress)
  if (kept === null) return stream.writeFrame({ kind: 'none' }, { timeoutMs: frameTimeoutMs })
  const { version, bytes, signature } = kept
  await stream.writeFrame(
    { kind: 'catalogue', version, lengthBytes: bytes.length, signature },
    { timeoutMs: frameTimeoutMs },
  )
  await stream.writeBytes(onePart(bytes), { timeoutMs: transferTimeoutMs })
}

function isSigned(
  { network }: ServeContext,
  customer: string,
  { version, signature }: Keep,
  bytes: Uint8Array,
): boolean {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const text = catalogueText({
    ...{ chainId: network.chainId, market: network.contracts.StorageMarket, customer, version, sha256 },
  })
  try {
    return sameAddress(verifyMessage(text, signature), customer)
  } catch {
    return false
  }
}

async function* onePart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
