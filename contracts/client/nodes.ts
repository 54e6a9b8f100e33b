import { getAddress, type Result } from 'ethers'
import type { Chain } from './chain.ts'
import { readContract, type ReadOptions } from './read-contract.ts'
import { type ChainRoleName, chainRoleNames, roleOfNumber } from './roles.ts'

/** Prices that a node published, in wei; `sequence` starts at 1. */
export type NodeTerms = {
  readonly pricePerGiBPeriodWei: bigint
  readonly retrievalPricePerMiBWei: bigint
  readonly minimumBytesPerSecond: number
  readonly sequence: number
}

export type NodeEntry = {
  readonly operator: string
  readonly node: string
  readonly role: ChainRoleName
  /** 64 bytes (x and y) as 0x-hex. */
  readonly publicKey: string
  readonly boundAtSeconds: number
  /** Number of the authorize sentence that bound it. */
  readonly authorization: number
  readonly revoked: boolean
  /** Null before the node published any. */
  readonly terms: NodeTerms | null
}

const pageSize = 200

/** All nodes, or those of one role, in order of binding, revoked ones included. */
export async function listNodes(
  chain: Chain,
  options: ReadOptions & { readonly role?: ChainRoleName } = {},
): Promise<NodeEntry[]> {
  const roles = options.role === undefined ? chainRoleNames : [options.role]
  const lists = await Promise.all(roles.map((role) => nodesOfRole(chain, role, options)))
  return lists.flat()
}

/** The record of a node, or null when it was never bound. */
export async function readNode(chain: Chain, node: string, options: ReadOptions = {}): Promise<NodeEntry | null> {
  const [view] = await readContract(chain, 'Registry', 'nodeOf', [node], options)
  const entry = view as Result
  return BigInt(entry.operator) === 0n ? null : entryOf(entry)
}

async function nodesOfRole(chain: Chain, role: ChainRoleName, options: ReadOptions): Promise<NodeEntry[]> {
  const entries: NodeEntry[] = []
  for (;;) {
    const number = chainRoleNames.indexOf(role)
    const [page] = await readContract(chain, 'Registry', 'nodesOf', [number, entries.length, pageSize], options)
    const views = [...(page as Result)] as Result[]
    entries.push(...views.map(entryOf))
    if (views.length < pageSize) return entries
  }
}

function entryOf(view: Result): NodeEntry {
  const terms = view.terms as Result
  return {
    operator: getAddress(view.operator),
    node: getAddress(view.node),
    role: roleOfNumber(Number(view.role)),
    publicKey: `0x${String(view.publicKeyX).slice(2)}${String(view.publicKeyY).slice(2)}`,
    boundAtSeconds: Number(view.boundAt),
    authorization: Number(view.authorization),
    revoked: Boolean(view.revoked),
    terms:
      Number(terms.sequence) === 0
        ? null
        : {
            pricePerGiBPeriodWei: BigInt(terms.pricePerGiBPeriodWei),
            retrievalPricePerMiBWei: BigInt(terms.retrievalPricePerMiBWei),
            minimumBytesPerSecond: Number(terms.minimumBytesPerSecond),
            sequence: Number(terms.sequence),
          },
  }
}
