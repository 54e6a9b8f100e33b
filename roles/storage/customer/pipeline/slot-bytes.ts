import type { SlotLayout } from './jobs.ts'

/** Each run of sealed bytes that lies in one shard: where in the slot, where in the run. */
function* runs(
  slot: SlotLayout,
  offset: number,
  lengthBytes: number,
): Generator<{ address: number; from: number; to: number }> {
  for (let done = 0; done < lengthBytes;) {
    const shard = Math.floor((offset + done) / slot.pieceBytes)
    const within = (offset + done) % slot.pieceBytes
    const taken = Math.min(slot.pieceBytes - within, lengthBytes - done)
    yield { address: slot.address + shard * slot.stride + within, from: done, to: done + taken }
    done += taken
  }
}

/** Writes sealed bytes at an offset of the segment, over the borders of shards. */
export function writeSealed(memory: Uint8Array, slot: SlotLayout, offset: number, bytes: Uint8Array): void {
  for (const run of runs(slot, offset, bytes.length)) memory.set(bytes.subarray(run.from, run.to), run.address)
}

/** Sealed bytes at an offset: a view where they lie in one shard, else a copy. */
export function readSealed(memory: Uint8Array, slot: SlotLayout, offset: number, lengthBytes: number): Uint8Array {
  const parts = [...runs(slot, offset, lengthBytes)]
  const [first] = parts
  if (parts.length === 1 && first) return memory.subarray(first.address, first.address + lengthBytes)
  const bytes = new Uint8Array(lengthBytes)
  for (const run of parts) bytes.set(memory.subarray(run.address, run.address + run.to - run.from), run.from)
  return bytes
}

/** Clears what follows the sealed bytes, so that the same file and keys always give the same pieces. */
export function zeroAfter(memory: Uint8Array, slot: SlotLayout, sealedBytes: number): void {
  for (const run of runs(slot, sealedBytes, slot.k * slot.pieceBytes - sealedBytes)) {
    memory.fill(0, run.address, run.address + run.to - run.from)
  }
}
