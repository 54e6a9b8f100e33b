import type { PieceFiles } from '../piece-files.ts'

/** Shorter pieces measure the file system's bookkeeping, not the disk. */
const leastMeasuredBytes = 64 * 1024

/** The same files; tells how long the disk took to write and sync each piece, the waits for a sender left out. */
export function timedFiles(files: PieceFiles, onWritten: (bytes: number, ms: number) => void): PieceFiles {
  return {
    ...files,
    async receive() {
      const incoming = await files.receive()
      let bytes = 0
      let ms = 0
      const timed = async (work: Promise<void>): Promise<void> => {
        const begun = performance.now()
        await work
        ms += performance.now() - begun
      }
      return {
        ...incoming,
        async write(chunk) {
          await timed(incoming.write(chunk))
          bytes += chunk.length
        },
        async keep(root) {
          await timed(incoming.keep(root))
          if (bytes >= leastMeasuredBytes) onWritten(bytes, ms)
        },
      }
    },
  }
}
