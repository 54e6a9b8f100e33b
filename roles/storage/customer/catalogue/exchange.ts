import { createHash } from 'node:crypto'
import { verifyMessage } from 'ethers'
import { sameAddress } from '../../../api/values.ts'
import {
  catalogueAnswerSchema,
  catalogueText,
  keptSchema,
  storageCatalogueProtocol,
} from '../../protocol/catalogue-frames.ts'
import type { CustomerContext } from '../context.ts'
import { ProviderFaultError, RefusedError } from '../errors.ts'
import type { Market } from '../market.ts'
import { brisk } from '../patience.ts'

/** A catalogue as providers keep it: sealed, and signed with its version. */
export type SignedCatalogue = { readonly version: number; readonly bytes: Uint8Array; readonly signature: string }

type Asking = { readonly peerId: string; readonly signal?: AbortSignal }

const timeoutMs = 30_000

/** Signs a sealed catalogue. */
export async function signCatalogue(
  { wallet }: Pick<CustomerContext, 'wallet'>,
  market: Pick<Market, 'network'>,
  version: number,
  bytes: Uint8Array,
): Promise<SignedCatalogue> {
  return { version, bytes, signature: await wallet.signMessage(textOf(wallet.address, market, version, bytes)) }
}

/** Leaves a catalogue with a provider. Resolves to the version that it keeps. Throws RefusedError and errors of the network. */
export async function leaveCatalogue(
  { node }: Pick<CustomerContext, 'node'>,
  market: Pick<Market, 'network'>,
  { version, bytes, signature }: SignedCatalogue,
  { peerId, signal }: Asking,
): Promise<{ readonly kept: boolean; readonly version: number }> {
  const stream = await node.open(peerId, storageCatalogueProtocol, { signal, timeoutMs: brisk.dialMs })
  try {
    const request = { kind: 'keepCatalogue', ...market.network, version, lengthBytes: bytes.length, signature }
    await stream.writeFrame(request, { signal, timeoutMs })
    await stream.writeBytes(onePart(bytes), { signal, timeoutMs })
    const answer = await stream.readFrame(keptSchema, { signal, timeoutMs })
    if (answer.kind === 'refused') throw new RefusedError(answer.code, answer.message)
    await stream.close()
    return { kept: answer.kind === 'kept', version: answer.version }
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/**
 * A provider's copy of this customer's catalogue, or null when it keeps none. Throws PROVIDER_FAULT for one that the customer has never
 * signed, RefusedError and errors of the network.
 */
export async function askForCatalogue(
  { node, wallet }: Pick<CustomerContext, 'node' | 'wallet'>,
  market: Pick<Market, 'network'>,
  { peerId, signal }: Asking,
): Promise<SignedCatalogue | null> {
  const stream = await node.open(peerId, storageCatalogueProtocol, { signal, timeoutMs: brisk.dialMs })
  try {
    await stream.writeFrame({ kind: 'readCatalogue', ...market.network }, { signal, timeoutMs })
    const answer = await stream.readFrame(catalogueAnswerSchema, { signal, timeoutMs })
    if (answer.kind === 'refused') throw new RefusedError(answer.code, answer.message)
    if (answer.kind === 'none') return null
    const parts: Uint8Array[] = []
    for await (const part of stream.readBytes(answer.lengthBytes, { signal, timeoutMs }))
      parts.push(Uint8Array.from(part))
    await stream.close()
    const bytes = new Uint8Array(Buffer.concat(parts))
    const { version, signature } = answer
    return checkCatalogue(wallet.address, market, { version, bytes, signature })
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}

/** The catalogue itself when its customer signed it with that version. Throws PROVIDER_FAULT. */
export function checkCatalogue(
  customer: string,
  market: Pick<Market, 'network'>,
  catalogue: SignedCatalogue,
): SignedCatalogue {
  const { version, bytes, signature } = catalogue
  if (sameAddress(signerOf(textOf(customer, market, version, bytes), signature), customer)) return catalogue
  throw new ProviderFaultError('The provider gave a catalogue that this customer has not signed.')
}

function signerOf(text: string, signature: string): string {
  try {
    return verifyMessage(text, signature)
  } catch {
    return ''
  }
}

function textOf(customer: string, { network }: Pick<Market, 'network'>, version: number, bytes: Uint8Array): string {
  return catalogueText({ ...network, customer, version, sha256: createHash('sha256').update(bytes).digest('hex') })
}

async function* onePart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
