import { createHash } from 'node:crypto'
import { CancelledError } from '../../../api/errors.ts'
import { segmentCount, segmentSpan } from '../../protocol/segments.ts'
import { readFully, type Source } from '../source.ts'

const windowBytes = 4 * 1024 * 1024

/** True when every segment that was read before still has the content that it had then. */
export async function hasSameContent(
  source: Source,
  hashes: ReadonlyMap<number, string>,
  options: { signal?: AbortSignal } = {},
): Promise<boolean> {
  const buffer = new Uint8Array(windowBytes)
  for (const [segment, sha256] of hashes) {
    if (segment >= segmentCount(source.size)) return false
    const { offsetBytes, plainBytes } = segmentSpan(source.size, segment)
    const hash = createHash('sha256')
    for (let done = 0; done < plainBytes;) {
      if (options.signal?.aborted) throw new CancelledError('Storing')
      const part = buffer.subarray(0, Math.min(windowBytes, plainBytes - done))
      await readFully(source, offsetBytes + done, part)
      hash.update(part)
      done += part.length
    }
    if (hash.digest('hex') !== sha256) return false
  }
  return true
}

/** The same source; `digest` gives the SHA-256 of what was read through it, in the order of reading. */
export function hashWhileReading(source: Source): { readonly source: Source; digest(): string } {
  const hash = createHash('sha256')
  return {
    source: {
      ...source,
      async read(position, target) {
        const count = await source.read(position, target)
        hash.update(target.subarray(0, count))
        return count
      },
    },
    digest: () => hash.digest('hex'),
  }
}
