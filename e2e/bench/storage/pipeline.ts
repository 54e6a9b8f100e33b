import { giveBackMemory } from '../../../roles/storage/customer/give-back-memory.ts'
import { nodeCipher } from '../../../roles/storage/customer/node-crypto.ts'
import { rangeBytes } from '../../../roles/storage/customer/pipeline/jobs.ts'
import { createPipeline, type Pipeline } from '../../../roles/storage/customer/pipeline/pipeline.ts'
import { sealSegment } from '../../../roles/storage/customer/pipeline/seal-segment.ts'
import type { Source } from '../../../roles/storage/customer/source.ts'
import { deriveSegmentKeys } from '../../../roles/storage/protocol/segment-keys.ts'
import { pieceLength, segmentBytes } from '../../../roles/storage/protocol/segments.ts'
import { megabytesPerSecond, report, runtime } from './report.ts'

const [k, n] = [4, 12]
/** Six segments a run, ten runs: each run is about three seconds. */
const [segmentsPerRun, runs] = [4, 10]

/** Everything of a put but the network: seal, code, mask and commit whole segments, then make all bytes that are sent, on two threads. */
export async function benchPipeline(): Promise<void> {
  const pieceBytes = pieceLength(segmentBytes, k)
  const pipeline = createPipeline({ threads: 2, k, n, pieceBytes, slots: 1, pieceBuffers: 0, stagingAreas: 2 })
  const speeds: number[] = []
  try {
    await putSegments(pipeline, 1)
    for (let run = 0; run < runs; run++) {
      const startMs = performance.now()
      await putSegments(pipeline, segmentsPerRun)
      speeds.push(megabytesPerSecond(segmentsPerRun * segmentBytes, performance.now() - startMs))
    }
  } finally {
    await pipeline.close()
  }
  speeds.sort((left, right) => left - right)
  report({
    figure: 'put pipeline 4 of 12 without the network, two threads',
    value: speeds[runs >> 1]!,
    unit: 'MB/s of file',
    target: { atLeast: runtime.startsWith('electron') ? 100 : 140 },
    details: { slowest: Math.round(speeds[0]!), fastest: Math.round(speeds[runs - 1]!), runs },
  })
}

/** Random bytes once; what is read does not matter to any stage, so copying them again is the reading. */
const plain = nodeCipher.randomBytes(4 * 1024 * 1024)
const source: Source = {
  size: Number.MAX_SAFE_INTEGER,
  read: async (_position, target) => {
    target.set(plain.subarray(0, target.length))
    return target.length
  },
}

async function putSegments(pipeline: Pipeline, count: number): Promise<void> {
  const { arena } = pipeline
  let making: Promise<unknown> = Promise.resolve()
  for (let index = 0; index < count; index++) {
    const keys = deriveSegmentKeys(nodeCipher, nodeCipher.randomBytes(32))
    await making
    const slotAddress = await arena.slots.acquire()
    const span = { index, offsetBytes: 0, plainBytes: segmentBytes }
    const slot = await sealSegment(pipeline, { source, span, keys, k, slotAddress })
    const pieces = Array.from({ length: n }, async (_, piece) => {
      const one = { slot, n, index: piece, maskKey: keys.maskKey }
      await pipeline.run({ kind: 'commitPiece', ...one })
      for (let from = 0; from < slot.pieceBytes; from += rangeBytes) {
        const to = Math.min(slot.pieceBytes, from + rangeBytes)
        giveBackMemory((await pipeline.run({ kind: 'pieceRange', ...one, from, to })).bytes)
      }
    })
    making = Promise.all(pieces).then(() => arena.slots.release(slotAddress))
  }
  await making
}
