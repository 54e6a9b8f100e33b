import { getAddress, hexlify, type BytesLike, type Result } from 'ethers'
import type { Chain, ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { type PanelVote, panelVotes } from './render-hashes.ts'

/** The panel of a disputed task. */
export type RenderPanel = {
  /** Turn from which on it may be drawn; null when the task is not in dispute. */
  readonly firstTurn: number | null
  /** Null while it is not drawn. */
  readonly voteBySeconds: number | null
  readonly revealBySeconds: number | null
  readonly seats: readonly { readonly member: string; readonly voted: boolean; readonly vote: PanelVote }[]
}

type Dispute = { readonly jobId: string; readonly task: number }

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.RenderPanel, data: interfaces.RenderPanel.encodeFunctionData(method, args) }
}

/** Draws the panel of a disputed task. */
export function encodeDrawPanel(network: NetworkFile, args: Dispute): ChainCall {
  return encode(network, 'draw', [args.jobId, args.task])
}

/** Commits a member's vote; the signature is the member's over `panelVoteTypedData`. */
export function encodePanelVote(
  network: NetworkFile,
  args: Dispute & { readonly member: string; readonly commitment: string; readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'vote', [args.jobId, args.task, args.member, args.commitment, hexlify(args.signature)])
}

/** Opens a member's vote. */
export function encodeRevealPanelVote(
  network: NetworkFile,
  args: Dispute & { readonly member: string; readonly vote: PanelVote; readonly salt: string },
): ChainCall {
  const vote = panelVotes.indexOf(args.vote)
  return encode(network, 'revealVote', [args.jobId, args.task, args.member, vote, args.salt])
}

/** Counts the votes and ends the dispute. */
export function encodeSettlePanel(network: NetworkFile, args: Dispute): ChainCall {
  return encode(network, 'settle', [args.jobId, args.task])
}

/** Takes a disputed result back; the signature is the node's over `concedeTypedData`. */
export function encodeConcedeRender(
  network: NetworkFile,
  args: Dispute & { readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'concede', [args.jobId, args.task, hexlify(args.signature)])
}

/** Where a dispute stands; once it is settled the record is empty, and events tell. */
export async function readRenderPanel(
  chain: Chain,
  { jobId, task }: Dispute,
  options: ReadOptions = {},
): Promise<RenderPanel> {
  const [found] = await readContract(chain, 'RenderPanel', 'panelOf', [jobId, task], options)
  const view = found as Result
  const orNull = (value: unknown): number | null => (Number(value) === 0 ? null : Number(value))
  const members = [...(view.members as Result)] as string[]
  const [commitments, votes] = [view.commitments as Result, view.votes as Result]
  return {
    firstTurn: orNull(view.firstTurn),
    voteBySeconds: orNull(view.voteBy),
    revealBySeconds: orNull(view.revealBy),
    seats: members.map((member, index) => ({
      member: getAddress(member),
      voted: BigInt(commitments[index] as string) !== 0n,
      vote: panelVotes[Number(votes[index])]!,
    })),
  }
}
