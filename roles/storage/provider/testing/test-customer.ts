import { getBytes, type Wallet } from 'ethers'
import {
  encodeAddPieces,
  encodeLock,
  readDataSet,
  sendAndWait,
  type ChainCall,
} from '../../../../contracts/client/index.ts'
import type { TestChain } from '../../../../contracts/script/testing/practice-chain.ts'
import { silentLog } from '../../../api/values.ts'
import { createNetworkNode, localIdentity, type FramedStream, type NetworkNode } from '../../../network/index.ts'
import type { SignedVoucher } from '../../../vouchers/index.ts'
import {
  acceptBatchSchema,
  acceptedSchema,
  goAheadSchema,
  infoAnswerSchema,
  rangeSchema,
  storageAcceptProtocol,
  storageGetProtocol,
  storageInfoProtocol,
  storagePutProtocol,
  storedSchema,
  type InfoAnswer,
} from '../../protocol/frames.ts'
import type { TestPiece } from './random-piece.ts'

const timeoutMs = 15_000

/** A customer that speaks the wire protocols by hand, so that tests can also speak them wrongly. */
export type TestCustomer = Awaited<ReturnType<typeof startTestCustomer>>

export async function startTestCustomer(test: TestChain, wallet: Wallet, bootstrapPeers: readonly string[]) {
  const node: NetworkNode = await createNetworkNode({
    identity: localIdentity(getBytes(wallet.privateKey)),
    listen: [],
    bootstrapPeers,
    mode: 'client',
    log: silentLog,
  })
  const networkFields = { chainId: test.network.chainId, market: test.network.contracts.StorageMarket }
  const open = (peer: string, protocol: string): Promise<FramedStream> => node.open(peer, protocol, { timeoutMs })
  const info = async (peer: string): Promise<InfoAnswer> => {
    const stream = await open(peer, storageInfoProtocol)
    await stream.writeFrame({ kind: 'info', ...networkFields })
    const answer = await stream.readFrame(infoAnswerSchema, { timeoutMs })
    await stream.close()
    return answer
  }
  const termsOf = async (peer: string) => {
    const answer = await info(peer)
    if (answer.kind !== 'info') throw new Error(answer.message)
    const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond } = answer
    return { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  }
  return {
    node,
    wallet,
    networkFields,
    open,
    info,
    /** Uploads a piece; `send` replaces the bytes that go over the wire. */
    async put(peer: string, piece: TestPiece, send: Uint8Array = piece.bytes) {
      const stream = await open(peer, storagePutProtocol)
      await stream.writeFrame({ kind: 'putPiece', ...networkFields, root: piece.root, lengthBytes: piece.bytes.length })
      const go = await stream.readFrame(goAheadSchema, { timeoutMs })
      if (go.kind === 'refused') return go
      if (!go.alreadyHeld) await stream.writeBytes([send], { timeoutMs })
      const stored = await stream.readFrame(storedSchema, { timeoutMs })
      await stream.close()
      return stored
    },
    async accept(peer: string, pieces: readonly TestPiece[], sequence: number) {
      const stream = await open(peer, storageAcceptProtocol)
      const batch = pieces.map(({ root, bytes }) => ({ root, lengthBytes: bytes.length }))
      const terms = await termsOf(peer)
      await stream.writeFrame(
        acceptBatchSchema.parse({ kind: 'acceptBatch', ...networkFields, pieces: batch, ...terms, sequence }),
      )
      const answer = await stream.readFrame(acceptedSchema, { timeoutMs })
      await stream.close()
      return { answer, terms }
    },
    /** Accepts and puts on chain, with escrow for forty periods. */
    async commit(peer: string, provider: string, pieces: readonly TestPiece[]) {
      const sequence = (await readDataSet(test.chain, wallet.address, provider))?.sequence ?? 0
      const { answer, terms } = await this.accept(peer, pieces, sequence)
      if (answer.kind !== 'accepted') throw new Error(`${answer.code}: ${answer.message}`)
      const bytes = pieces.reduce((sum, piece) => sum + BigInt(piece.bytes.length + 32), 0n)
      const call = encodeAddPieces(test.network, {
        node: provider,
        pieces: pieces.map((piece) => ({ root: piece.rootText, lengthBytes: piece.bytes.length })),
        ...terms,
        sequence,
        expirySeconds: answer.expirySeconds,
        signature: answer.signature,
        depositWei: ((bytes * terms.pricePerGiBPeriodWei * 40n) >> 30n) + 1n,
      })
      await this.send(call)
    },
    send: (call: ChainCall) => sendAndWait(wallet, call, { timeoutMs }),
    lock(provider: string, amountWei: bigint) {
      return this.send(encodeLock(test.network, { nodes: [provider], amountsWei: [amountWei] }))
    },
    range: (stream: FramedStream, piece: TestPiece, from: number, length: number, voucher: SignedVoucher | null) =>
      askRange(stream, { ...networkFields, root: piece.root, offsetBytes: from, lengthBytes: length }, voucher),
    openGet: (peer: string) => open(peer, storageGetProtocol),
    stop: () => node.stop(),
  }
}

/** Asks for one range on a stream and reads the bytes when they are sent. */
async function askRange(stream: FramedStream, range: Record<string, unknown>, voucher: SignedVoucher | null) {
  const wire = voucher === null ? null : { ...wireFields(voucher), lane: getBytes(voucher.lane) }
  await stream.writeFrame({ kind: 'getRange', ...range, voucher: wire })
  const answer = await stream.readFrame(rangeSchema, { timeoutMs })
  if (answer.kind !== 'range') return { answer, bytes: null }
  const chunks: Uint8Array[] = []
  for await (const chunk of stream.readBytes(answer.lengthBytes, { timeoutMs })) chunks.push(chunk)
  return { answer, bytes: Buffer.concat(chunks) }
}

function wireFields({ cumulativeWei, expirySeconds, signature }: SignedVoucher) {
  return { cumulativeWei, expirySeconds, signature }
}
