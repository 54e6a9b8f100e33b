import { hexlify, type BytesLike } from 'ethers'
import type { ChainCall } from './chain.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'
import type { CommitmentBatch } from './render-typed-data.ts'

/** Opens a commitment; all but `task` are hex strings of 32 bytes. */
export type RenderOpening = {
  readonly task: number
  readonly salt: string
  readonly resultRoot: string
  readonly cipherRoot: string
  readonly keyHash: string
}

/** Gives a key away; the roots are those that were revealed. */
export type RenderRelease = {
  readonly task: number
  readonly resultRoot: string
  readonly cipherRoot: string
  readonly key: string
}

/** A cell that a released key does not open, with what leads from it to both roots. */
export type BadRenderCell = {
  readonly cell: number
  readonly cipherBytes: BytesLike
  readonly cipherProof: readonly string[]
  /** keccak256 of the cell's bytes as the result root has it. */
  readonly resultHash: string
  readonly resultProof: readonly string[]
}

type Job = { readonly jobId: string }
type Tasks = Job & { readonly tasks: readonly number[] }

function encode(network: NetworkFile, method: string, args: readonly unknown[]): ChainCall {
  return { to: network.contracts.RenderMarket, data: interfaces.RenderMarket.encodeFunctionData(method, args) }
}

/** Draws nodes for up to `count` further units of a job. */
export function encodeDrawRenderUnits(network: NetworkFile, args: Job & { readonly count: number }): ChainCall {
  return encode(network, 'draw', [args.jobId, args.count])
}

/** Draws failed units anew. */
export function encodeRedrawRenderUnits(
  network: NetworkFile,
  args: Job & { readonly units: readonly number[] },
): ChainCall {
  return encode(network, 'redraw', [args.jobId, args.units])
}

/** Commits to results; the signature is the node's over `renderCommitTypedData`. */
export function encodeCommitRender(
  network: NetworkFile,
  args: CommitmentBatch & { readonly signature: BytesLike },
): ChainCall {
  return encode(network, 'commit', [args.jobId, args.node, args.tasks, args.commitments, hexlify(args.signature)])
}

/** Opens commitments. */
export function encodeRevealRender(
  network: NetworkFile,
  args: Job & { readonly openings: readonly RenderOpening[] },
): ChainCall {
  return encode(network, 'reveal', [args.jobId, args.openings])
}

/** Accepts revealed results; the sender is the customer. */
export function encodeAcceptRender(network: NetworkFile, args: Tasks): ChainCall {
  return encode(network, 'accept', [args.jobId, args.tasks])
}

/** Rejects a revealed result for some of its cells; the sender is the customer and pays the bond. */
export function encodeRejectRender(
  network: NetworkFile,
  args: Job & { readonly task: number; readonly cells: readonly number[] },
): ChainCall {
  return encode(network, 'reject', [args.jobId, args.task, args.cells])
}

/** Publishes keys of one node's accepted results, which pays for them. */
export function encodeReleaseRender(
  network: NetworkFile,
  args: Job & { readonly node: string; readonly releases: readonly RenderRelease[] },
): ChainCall {
  return encode(network, 'release', [args.jobId, args.node, args.releases])
}

/** Books tasks whose time is over. */
export function encodeMissRender(network: NetworkFile, args: Tasks): ChainCall {
  return encode(network, 'miss', [args.jobId, args.tasks])
}

/** Proves that a released key does not open a cell. */
export function encodeProveBadRenderKey(
  network: NetworkFile,
  args: Job & { readonly release: RenderRelease; readonly bad: BadRenderCell },
): ChainCall {
  const bad = { ...args.bad, cipherBytes: hexlify(args.bad.cipherBytes) }
  return encode(network, 'proveBadKey', [args.jobId, args.release, bad])
}

/** Adds the sender's tokens to a job's escrow. */
export function encodeTopUpRenderJob(network: NetworkFile, args: Job & { readonly amountWei: bigint }): ChainCall {
  return encode(network, 'topUp', [args.jobId, args.amountWei])
}

/** Ends the drawing of the sender's job from the next turn on. */
export function encodeCancelRenderJob(network: NetworkFile, args: Job): ChainCall {
  return encode(network, 'cancel', [args.jobId])
}

/** Returns what is left of the escrow of the sender's finished job. */
export function encodeCloseRenderJob(network: NetworkFile, args: Job): ChainCall {
  return encode(network, 'close', [args.jobId])
}
