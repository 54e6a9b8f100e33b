import { getAddress, type Log, type Result, zeroPadValue } from 'ethers'
import type { Chain } from './chain.ts'
import type { BlockRange } from './earnings.ts'
import { interfaces } from './interfaces.ts'
import { readLogs } from './read-logs.ts'
import { type RenderJobTerms, renderTermsOf } from './render-jobs.ts'

type Place = {
  readonly jobId: string
  readonly blockNumber: number
  readonly blockHash: string
  readonly transactionHash: string
  readonly logIndex: number
}

type OfTask = { readonly node: string; readonly task: number }

/** What a panel, or the node itself, said of a disputed result. */
export const renderVerdicts = ['undecided', 'right', 'wrong', 'conceded'] as const

/** What happened to render jobs, in chain order. */
export type RenderEvent = Place &
  (
    | { readonly kind: 'jobPosted'; readonly customer: string; readonly number: number; readonly terms: RenderJobTerms }
    | (OfTask & { readonly kind: 'taskDrawn'; readonly commitBySeconds: number })
    | (OfTask & { readonly kind: 'taskCommitted'; readonly commitment: string })
    | (OfTask & {
        readonly kind: 'taskRevealed'
        readonly resultRoot: string
        readonly cipherRoot: string
        readonly keyHash: string
      })
    | (OfTask & { readonly kind: 'taskAccepted' })
    | (OfTask & { readonly kind: 'taskRejected'; readonly cells: readonly number[]; readonly bondWei: bigint })
    | (OfTask & { readonly kind: 'taskPaid'; readonly key: string })
    | (OfTask & { readonly kind: 'taskMissed' })
    | (OfTask & {
        readonly kind: 'disputeConcluded'
        readonly verdict: (typeof renderVerdicts)[number]
        readonly slashedWei: bigint
      })
    | (OfTask & { readonly kind: 'badKeyProven'; readonly cell: number; readonly slashedWei: bigint })
    | { readonly kind: 'jobFunded'; readonly payer: string; readonly amountWei: bigint }
    | { readonly kind: 'jobCancelled'; readonly endTurn: number }
    | { readonly kind: 'jobClosed'; readonly refundWei: bigint }
  )

/** Names as the contract has them. */
export const renderEventNames = [
  'JobPosted',
  'TaskDrawn',
  'TaskCommitted',
  'TaskRevealed',
  'TaskAccepted',
  'TaskRejected',
  'TaskPaid',
  'TaskMissed',
  'DisputeConcluded',
  'BadKeyProven',
  'JobFunded',
  'JobCancelled',
  'JobClosed',
] as const
export type RenderEventName = (typeof renderEventNames)[number]

/**
 * Events of one job, of the tasks of one node, or of all, in a range of blocks (both ends included); all kinds or some. With `node` only
 * events of tasks are found.
 */
export async function readRenderEvents(
  chain: Chain,
  filter: BlockRange & {
    readonly jobId?: string
    readonly node?: string
    readonly names?: readonly RenderEventName[]
  },
  options: { readonly signal?: AbortSignal } = {},
): Promise<RenderEvent[]> {
  const { jobId, node, names = renderEventNames } = filter
  const wanted = node === undefined ? names : names.filter((name) => name.startsWith('Task') || endings.has(name))
  const kinds = wanted.map((name) => interfaces.RenderMarket.getEvent(name)!.topicHash)
  const topics = [kinds, jobId ?? null, node === undefined ? null : zeroPadValue(node, 32)]
  const logs = await readLogs(chain, 'RenderMarket', topics, filter, options)
  return logs.map(eventOf)
}

/** Events of tasks whose names do not begin with the word. */
const endings: ReadonlySet<string> = new Set<RenderEventName>(['DisputeConcluded', 'BadKeyProven'])

function eventOf(log: Log): RenderEvent {
  const parsed = interfaces.RenderMarket.parseLog(log)!
  const { args } = parsed
  const place: Place = {
    jobId: String(args.jobId),
    blockNumber: log.blockNumber,
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.index,
  }
  return { ...place, ...detailsOf(parsed.name as RenderEventName, args) } as RenderEvent
}

type Details = RenderEvent extends infer One ? (One extends RenderEvent ? Omit<One, keyof Place> : never) : never

function detailsOf(name: RenderEventName, args: Result): Details {
  switch (name) {
    case 'JobPosted': {
      const terms = renderTermsOf(args.terms as Result)
      return { kind: 'jobPosted', customer: getAddress(args.customer), number: Number(args.number), terms }
    }
    case 'JobFunded':
      return { kind: 'jobFunded', payer: getAddress(args.payer), amountWei: BigInt(args.amountWei) }
    case 'JobCancelled':
      return { kind: 'jobCancelled', endTurn: Number(args.endTurn) }
    case 'JobClosed':
      return { kind: 'jobClosed', refundWei: BigInt(args.refundWei) }
    default:
      return { node: getAddress(args.node), task: Number(args.task), ...taskDetailsOf(name, args) }
  }
}

type TaskEventName = Exclude<RenderEventName, 'JobPosted' | 'JobFunded' | 'JobCancelled' | 'JobClosed'>
type TaskDetails = Details extends infer One ? (One extends OfTask ? Omit<One, keyof OfTask> : never) : never

function taskDetailsOf(name: TaskEventName, args: Result): TaskDetails {
  switch (name) {
    case 'TaskDrawn':
      return { kind: 'taskDrawn', commitBySeconds: Number(args.commitBy) }
    case 'TaskCommitted':
      return { kind: 'taskCommitted', commitment: String(args.commitment) }
    case 'TaskRevealed': {
      const roots = { resultRoot: String(args.resultRoot), cipherRoot: String(args.cipherRoot) }
      return { kind: 'taskRevealed', ...roots, keyHash: String(args.keyHash) }
    }
    case 'TaskAccepted':
      return { kind: 'taskAccepted' }
    case 'TaskRejected': {
      const cells = [...(args.cells as Result)].map(Number)
      return { kind: 'taskRejected', cells, bondWei: BigInt(args.bondWei) }
    }
    case 'TaskPaid':
      return { kind: 'taskPaid', key: String(args.key) }
    case 'TaskMissed':
      return { kind: 'taskMissed' }
    case 'DisputeConcluded': {
      const verdict = renderVerdicts[Number(args.verdict)]!
      return { kind: 'disputeConcluded', verdict, slashedWei: BigInt(args.slashedWei) }
    }
    case 'BadKeyProven':
      return { kind: 'badKeyProven', cell: Number(args.cell), slashedWei: BigInt(args.slashedWei) }
  }
}
