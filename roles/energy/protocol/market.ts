import { hashWords } from './words.ts'

/** Which market on which chain: what every hash and signature of the energy role is bound to. */
export type Market = {
  readonly chainId: number
  /** Address of EnergyMarket. */
  readonly contract: string
}

/** A community of one market. */
export type Community = Market & {
  /** 32 bytes as hex. */
  readonly community: string
}

/** keccak256(abi.encode(chainId, contract, community, slot)): stands in every leaf about a slot. */
export function slotKey(at: Community, slot: number): Uint8Array {
  return hashWords(at.chainId, at.contract, at.community, slot)
}

/** keccak256(abi.encode(chainId, contract, community, day, uint256(1))): stands in every leaf about a day. */
export function dayKey(at: Community, day: number): Uint8Array {
  return hashWords(at.chainId, at.contract, at.community, day, 1)
}
