import type { NetworkFile } from './network-file.ts'
import { hashCommitments } from './render-hashes.ts'
import { fields, type TypedData, typedData } from './typed-data.ts'

/** A node's wish to be drawn until a time; `untilSeconds` must rise with every one. */
export type WorkOffer = {
  readonly node: string
  /** Number of the back end (`classOfBackEnd`). */
  readonly backEndClass: number
  /** Most tasks at a time, 1 to 32. */
  readonly capacity: number
  readonly untilSeconds: number
}

/** A node's consent to be in the pool. */
export function takeWorkTypedData(network: NetworkFile, offer: WorkOffer): TypedData {
  const { untilSeconds, ...rest } = offer
  return typedData(network, 'RenderPool', 'TakeWork', takeFields, { ...rest, until: untilSeconds })
}

/** A node's wish to leave the pool; `untilSeconds` is that of its present offer. */
export function stopWorkTypedData(network: NetworkFile, offer: Pick<WorkOffer, 'node' | 'untilSeconds'>): TypedData {
  return typedData(network, 'RenderPool', 'StopWork', stopFields, { node: offer.node, until: offer.untilSeconds })
}

/** A batch of commitments of one node in one job. */
export type CommitmentBatch = {
  readonly jobId: string
  readonly node: string
  readonly tasks: readonly number[]
  readonly commitments: readonly string[]
}

/** A node's signature under what it commits to. */
export function renderCommitTypedData(network: NetworkFile, batch: CommitmentBatch): TypedData {
  const { jobId, node, tasks, commitments } = batch
  const commitmentsHash = hashCommitments(tasks, commitments)
  return typedData(network, 'RenderMarket', 'RenderCommit', commitFields, { jobId, node, commitmentsHash })
}

/** A member's signature under its committed vote; `voteBySeconds` is the panel's. */
export function panelVoteTypedData(
  network: NetworkFile,
  vote: {
    readonly jobId: string
    readonly task: number
    readonly member: string
    readonly commitment: string
    readonly voteBySeconds: number
  },
): TypedData {
  const { voteBySeconds, ...rest } = vote
  return typedData(network, 'RenderPanel', 'PanelVote', voteFields, { ...rest, voteBy: voteBySeconds })
}

/** A node's word that a result of its was wrong; the time is that of the rejection (`changedAtSeconds` of the task). */
export function concedeTypedData(
  network: NetworkFile,
  dispute: { readonly jobId: string; readonly task: number; readonly rejectedAtSeconds: number },
): TypedData {
  const { rejectedAtSeconds, ...rest } = dispute
  return typedData(network, 'RenderPanel', 'Concede', concedeFields, { ...rest, rejectedAt: rejectedAtSeconds })
}

const takeFields = fields('address node, uint8 backEndClass, uint8 capacity, uint64 until')
const stopFields = fields('address node, uint64 until')
const commitFields = fields('bytes32 jobId, address node, bytes32 commitmentsHash')
const voteFields = fields('bytes32 jobId, uint256 task, address member, bytes32 commitment, uint256 voteBy')
const concedeFields = fields('bytes32 jobId, uint256 task, uint256 rejectedAt')
