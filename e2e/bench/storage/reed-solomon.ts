import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ReedSolomonErasure } from '@digitaldefiance/reed-solomon-erasure.wasm/browser'
import { kernelKind } from '../../../roles/storage/protocol/erasure/kernel.ts'
import { ReedSolomon } from '../../../roles/storage/protocol/erasure/reed-solomon.ts'
import { measure, megabytesPerSecond, report, rounded } from './report.ts'

const dataBytes = 32 * 1024 * 1024
const runs = 10
/** The peer is ten times slower; fewer runs say enough. */
const peerRuns = 5

/** Encoding on one core, 10 of 30 and the profile of a young network, copies included on both sides. */
export async function benchReedSolomon(): Promise<void> {
  const path = join(
    process.cwd(),
    'node_modules/@digitaldefiance/reed-solomon-erasure.wasm/dist/reed_solomon_erasure_bg.wasm',
  )
  const peer = ReedSolomonErasure.fromBytes(new Uint8Array(await readFile(path)))
  for (const [k, n, target] of [
    [10, 30, 400],
    [4, 12, null],
  ] as const) {
    const shardBytes = Math.floor(dataBytes / k)
    const all = new Uint8Array(n * shardBytes).map((_, index) => index * 31)
    const shards = Array.from({ length: n }, (_, index) => all.slice(index * shardBytes, (index + 1) * shardBytes))
    const code = new ReedSolomon(k, n)
    const ours = await measure(runs, () => code.encode(shards.slice(0, k), shards.slice(k)))
    const theirs = await measure(peerRuns, () => {
      if (peer.encode(all, k, n - k) !== 0) throw new Error('The peer failed.')
    })
    agree(all, shards, shardBytes)
    const value = megabytesPerSecond(k * shardBytes, ours.medianMs)
    const peerValue = megabytesPerSecond(k * shardBytes, theirs.medianMs)
    report({
      figure: `Reed-Solomon encode, ${k} of ${n}, one core`,
      value,
      unit: 'MB/s of data',
      ...(target === null ? {} : { target: { atLeast: target } }),
      peer: { name: '@digitaldefiance/reed-solomon-erasure.wasm 1.0.2', value: rounded(peerValue) },
      details: { kernel: kernelKind(), p95: rounded(megabytesPerSecond(k * shardBytes, ours.p95Ms)), runs },
    })
    if (target !== null) {
      report({
        figure: `Reed-Solomon against the peer, ${k} of ${n}`,
        value: value / peerValue,
        unit: 'times',
        target: { atLeast: 5 },
      })
    }
  }
}

/** Both must have computed the same parity, or the comparison says nothing. */
function agree(all: Uint8Array, shards: readonly Uint8Array[], shardBytes: number): void {
  shards.forEach((shard, index) => {
    if (Buffer.compare(shard, all.subarray(index * shardBytes, (index + 1) * shardBytes)) !== 0) {
      throw new Error(`Shard ${index} differs from the peer's.`)
    }
  })
}
