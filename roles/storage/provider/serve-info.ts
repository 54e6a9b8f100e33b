import type { FramedStream } from '../../network/index.ts'
import { infoSchema, type InfoAnswer } from '../protocol/frames.ts'
import { assertSameNetwork, type ServeContext } from './serve-context.ts'
import { answerRefusals } from './answer-refusals.ts'

/** Milliseconds that a peer gets for a small frame. */
const frameTimeoutMs = 10_000

/** Answers what this provider offers and asks. */
export async function serveInfo(context: ServeContext, stream: FramedStream): Promise<void> {
  await answerRefusals(stream, async () => {
    const request = await stream.readFrame(infoSchema, { timeoutMs: frameTimeoutMs })
    assertSameNetwork(context.network, request)
    const room = context.store.roomBytes()
    const { work, leaving = null } = context.role.allowance()
    const answer: InfoAnswer = {
      kind: 'info',
      taking: room > 0 && !context.draining() && work !== 'paused' && leaving === null,
      offeredBytes: context.store.offeredBytes(),
      freeBytes: room,
      ...context.prices(),
    }
    await stream.writeFrame(answer, { timeoutMs: frameTimeoutMs })
  })
}
