import type { FramedStream } from '../../network/index.ts'
import { RefusedError } from './errors.ts'

/** Runs one exchange; a refusal becomes its frame, every other error ends the stream in the network's hands. */
export async function answerRefusals(stream: FramedStream, exchange: () => Promise<void>): Promise<void> {
  try {
    await exchange()
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    await stream.writeFrame(error.frame(), { timeoutMs: 10_000 })
  }
}
