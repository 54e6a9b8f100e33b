import { readRenderEvents, readRenderJob, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext } from '../../api/worker.ts'
import type { HeadChange } from '../../upkeep/watch-chain.ts'
import type { TaskBook } from './task-book.ts'

export type FollowTasksParts = {
  readonly context: Pick<RoleContext, 'start' | 'changed' | 'log'>
  readonly chain: Chain
  readonly book: TaskBook
}

/** Where reading went on to, in the book's notes. */
const cursorNote = 'followedToBlock'
/** Blocks that are read again where the chain may have been reorganized. */
const overlapBlocks = 64

/** Enters what was drawn for this node since the last look. Resolves to whether there was something new. */
export async function followTasks(parts: FollowTasksParts, change: HeadChange): Promise<boolean> {
  const { book, chain, context } = parts
  const { deployedAtBlock } = chain.network
  const cursor = Number(book.note(cursorNote) ?? deployedAtBlock)
  const fromBlock = change.reorganized
    ? Math.max(deployedAtBlock, Math.min(cursor, change.head.number) - overlapBlocks)
    : cursor + 1
  if (fromBlock > change.head.number) return false
  let added = false
  const filter = { node: context.start.node, fromBlock, toBlock: change.head.number, names: ['TaskDrawn'] as const }
  for (const event of await readRenderEvents(chain, filter)) {
    if (event.kind !== 'taskDrawn') continue
    const { jobId, task, commitBySeconds } = event
    if (book.job(jobId) === null) {
      const job = await readRenderJob(chain, jobId)
      if (job === null) continue
      book.addJob({ jobId, customer: job.customer, ...job.terms, priceWei: job.terms.pricePerUnitWei })
    }
    added = book.addTask({ jobId, task, commitBySeconds, drawnAtMs: Date.now() }) || added
  }
  book.setNote(cursorNote, String(change.head.number))
  if (added) context.changed()
  return added
}
