import { randomBytes } from 'node:crypto'
import { hexlify } from 'ethers'
import {
  encodePanelVote,
  encodeRevealPanelVote,
  panelCommitment,
  readPanelsDrawn,
  readRenderJob,
  type Chain,
} from '../../../contracts/client/index.ts'
import { sameAddress } from '../../api/values.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { PanelBook, PanelSeat } from './panel-book.ts'
import type { TaskBook } from './task-book.ts'

export type PanelParts = {
  readonly context: Pick<RoleContext, 'start' | 'sign' | 'submit' | 'log'>
  readonly chain: Chain
  readonly book: TaskBook
  readonly panels: PanelBook
  /** Looks at the disputed cells. Null while the scene is not here. */
  look(seat: PanelSeat): Promise<'right' | 'wrong' | 'neither' | null>
}

/** Where reading of panels went on to. */
const cursorNote = 'panelsToBlock'
/** A vote that is not ready by then goes out as `neither`: a late one counts for nothing. */
const lastCallSeconds = 8

/**
 * Does this node's duty on panels about results of others (PROTOCOL 6.4): looks at the disputed cells, commits to a vote, opens it when all had
 * their time. Each call looks once; failures are thrown and the next call goes on.
 */
export async function sitOnPanels(
  parts: PanelParts,
  head: { number: number; seconds: number },
  signal: AbortSignal,
): Promise<void> {
  await findSeats(parts, head.number)
  for (const seat of parts.panels.open()) {
    if (head.seconds > seat.revealBySeconds) parts.panels.move(seat, 'done')
    else if (seat.state === 'looking' && head.seconds < seat.voteBySeconds)
      await vote(parts, seat, head.seconds, signal)
    else if (seat.state === 'voted' && head.seconds > seat.voteBySeconds) await open(parts, seat, signal)
  }
}

async function findSeats({ context, chain, book, panels }: PanelParts, toBlock: number): Promise<void> {
  const fromBlock = Number(book.note(cursorNote) ?? chain.network.deployedAtBlock) + 1
  if (fromBlock > toBlock) return
  for (const drawn of await readPanelsDrawn(chain, { fromBlock, toBlock })) {
    if (!drawn.members.some((member) => sameAddress(member, context.start.node))) continue
    const job = await readRenderJob(chain, drawn.jobId)
    if (job === null) continue
    // The customer may tell a member the job as he tells those who render.
    const { jobId, customer, terms } = job
    if (book.job(jobId) === null) book.addJob({ jobId, customer, ...terms, priceWei: terms.pricePerUnitWei })
    panels.add(drawn)
    context.log.info('Called to a panel.', { jobId, task: drawn.task })
  }
  book.setNote(cursorNote, String(toBlock))
}

async function vote(parts: PanelParts, seat: PanelSeat, nowSeconds: number, signal: AbortSignal): Promise<void> {
  const { context, chain, panels } = parts
  const { jobId, task, voteBySeconds } = seat
  const lastCall = nowSeconds > voteBySeconds - lastCallSeconds
  const decided = seat.vote ?? (await parts.look(seat)) ?? (lastCall ? 'neither' : null)
  if (decided === null) return
  const salt = seat.salt ?? Uint8Array.from(randomBytes(32))
  panels.decide(seat, decided, salt)
  const member = context.start.node
  const commitment = panelCommitment({ jobId, task, member, vote: decided, salt: hexlify(salt) })
  const signature = await context.sign({ kind: 'panelVote', jobId, task, commitment, voteBySeconds }, { signal })
  const call = encodePanelVote(chain.network, { jobId, task, member, commitment, signature })
  await context.submit({ purpose: 'renderPanel', to: call.to, data: call.data }, { signal })
  panels.move(seat, 'voted')
}

async function open(parts: PanelParts, seat: PanelSeat, signal: AbortSignal): Promise<void> {
  const { context, chain, panels } = parts
  const { jobId, task, vote: decided, salt } = seat
  if (decided !== null && salt !== null) {
    const reveal = { jobId, task, member: context.start.node, vote: decided, salt: hexlify(salt) }
    const call = encodeRevealPanelVote(chain.network, reveal)
    await context.submit({ purpose: 'renderPanel', to: call.to, data: call.data }, { signal })
  }
  panels.move(seat, 'done')
}
