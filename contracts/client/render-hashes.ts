import { AbiCoder, keccak256 } from 'ethers'

/** Back ends in the order of their number on chain; work is drawn within one (PROTOCOL 6.3). Later ones are appended. */
export const renderBackEnds = ['webgl2', 'webgpu', 'cycles'] as const

export type RenderBackEnd = (typeof renderBackEnds)[number]

/** A back end's number on chain. */
export function classOfBackEnd(backEnd: RenderBackEnd): number {
  return renderBackEnds.indexOf(backEnd)
}

/** Votes of a panel in the order of their number on chain; `none` is a vote that was not revealed. */
export const panelVotes = ['none', 'right', 'wrong', 'neither'] as const

export type PanelVote = (typeof panelVotes)[number]

const coder = AbiCoder.defaultAbiCoder()

/** Id of a customer's job; his first has number 0. */
export function renderJobId(customer: string, number: number): string {
  return keccak256(coder.encode(['address', 'uint256'], [customer, number]))
}

/** One unit in the hands of one node. */
export function renderTaskOf(unit: number, replica: number, replicas: number): number {
  return unit * replicas + replica
}

/** What a node commits to before it reveals; all but `unit` are hex strings. */
export type RenderResult = {
  readonly jobId: string
  readonly unit: number
  readonly node: string
  readonly salt: string
  readonly resultRoot: string
  readonly cipherRoot: string
  readonly keyHash: string
}

/** The commitment to a result (PROTOCOL 6.2). */
export function renderCommitment(result: RenderResult): string {
  const types = ['bytes32', 'uint256', 'address', 'bytes32', 'bytes32', 'bytes32', 'bytes32']
  const { jobId, unit, node, salt, resultRoot, cipherRoot, keyHash } = result
  return keccak256(coder.encode(types, [jobId, unit, node, salt, resultRoot, cipherRoot, keyHash]))
}

/** The commitment to a vote. */
export function panelCommitment(vote: {
  readonly jobId: string
  readonly task: number
  readonly member: string
  readonly vote: PanelVote
  readonly salt: string
}): string {
  const values = [vote.jobId, vote.task, vote.member, panelVotes.indexOf(vote.vote), vote.salt]
  return keccak256(coder.encode(['bytes32', 'uint256', 'address', 'uint8', 'bytes32'], values))
}

/** Hash over a batch of commitments in their order, as `RenderCommit` names it. */
export function hashCommitments(tasks: readonly number[], commitments: readonly string[]): string {
  return keccak256(coder.encode(['uint256[]', 'bytes32[]'], [tasks, commitments]))
}
