import { TypedDataEncoder, type TypedDataDomain, type TypedDataField, verifyTypedData } from 'ethers'
import { z } from 'zod'
import { addressSchema, bytes32Schema, sameAddress } from '../../api/values.ts'
import type { Market } from './market.ts'
import { largestUint32 } from './units.ts'

const uint32 = z.number().int().min(0).max(largestUint32)
const uint64 = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** One wish to trade in one slot; a node has one order per slot, and it is final. */
export const orderSchema = z.strictObject({
  node: addressSchema,
  community: bytes32Schema,
  slot: uint32,
  side: z.enum(['sell', 'buy']),
  /** Most that a buyer pays, least that a seller takes. */
  limitGweiPerWh: uint32,
  wattHours: uint32.min(1),
  /** Random: without it the hash would give the order away, there are so few. */
  nonce: bytes32Schema,
})
export type EnergyOrder = Readonly<z.infer<typeof orderSchema>>

/** A settler's word that an order is in the slot's book. */
export const receiptSchema = z.strictObject({
  community: bytes32Schema,
  slot: uint32,
  node: addressSchema,
  orderHash: bytes32Schema,
})
export type OrderReceipt = Readonly<z.infer<typeof receiptSchema>>

/** What a settler says a slot came to; price 0 where nothing traded. */
export const slotResultSchema = z.strictObject({
  community: bytes32Schema,
  slot: uint32,
  bookRoot: bytes32Schema,
  orderCount: uint32,
  priceGweiPerWh: uint32,
  tradedWh: uint64,
})
export type SlotResult = Readonly<z.infer<typeof slotResultSchema>>

/** A node's meter over one slot: differences of registers at its borders, chained by hash to the reading before. Never on chain. */
export const slotReadingSchema = z.strictObject({
  node: addressSchema,
  community: bytes32Schema,
  slot: uint32,
  meter: bytes32Schema,
  /** Registers at the end of the slot. */
  importRegisterWh: uint64,
  exportRegisterWh: uint64,
  importWh: uint32,
  exportWh: uint32,
  /** Hash of the reading before it; zeros for the first. */
  previous: bytes32Schema,
  nonce: bytes32Schema,
})
export type SlotReading = Readonly<z.infer<typeof slotReadingSchema>>

function fields(text: string): TypedDataField[] {
  return text.split(', ').map((part) => {
    const [type, name] = part.split(' ')
    return { type: type!, name: name! }
  })
}

const types = {
  Order: fields(
    'address node, bytes32 community, uint32 slot, uint8 side, uint32 limitGweiPerWh, uint32 wattHours, bytes32 nonce',
  ),
  Receipt: fields('bytes32 community, uint32 slot, address node, bytes32 orderHash'),
  SlotResult: fields(
    'bytes32 community, uint32 slot, bytes32 bookRoot, uint32 orderCount, uint32 priceGweiPerWh, uint64 tradedWh',
  ),
  Reading: fields(
    'address node, bytes32 community, uint32 slot, bytes32 meter, uint64 importRegisterWh, uint64 exportRegisterWh, uint32 importWh, uint32 exportWh, bytes32 previous, bytes32 nonce',
  ),
} as const

/** Messages of the energy market, by the name of their EIP-712 type. */
export type EnergyMessage =
  | { readonly kind: 'Order'; readonly value: EnergyOrder }
  | { readonly kind: 'Receipt'; readonly value: OrderReceipt }
  | { readonly kind: 'SlotResult'; readonly value: SlotResult }
  | { readonly kind: 'Reading'; readonly value: SlotReading }

/** The side of an order on chain. */
export const sideNumbers = { sell: 0, buy: 1 } as const

/** EIP-712 parts of a message as `signTypedData` takes them. */
export function energyTypedData(
  market: Market,
  message: EnergyMessage,
): { domain: TypedDataDomain; types: Record<string, TypedDataField[]>; value: Record<string, unknown> } {
  const domain = {
    name: 'Hearth EnergyMarket',
    version: '1',
    chainId: market.chainId,
    verifyingContract: market.contract,
  }
  const value =
    message.kind === 'Order' ? { ...message.value, side: sideNumbers[message.value.side] } : { ...message.value }
  return { domain, types: { [message.kind]: types[message.kind] }, value }
}

/** The digest that is signed; of an order, its hash. Binds chain and contract. 32 bytes as hex. */
export function energyHash(market: Market, message: EnergyMessage): string {
  const { domain, types: shape, value } = energyTypedData(market, message)
  return TypedDataEncoder.hash(domain, shape, value)
}

/** True when `signer` signed exactly this message for this market. */
export function isSignedBy(market: Market, message: EnergyMessage, signature: string, signer: string): boolean {
  try {
    const { domain, types: shape, value } = energyTypedData(market, message)
    return sameAddress(verifyTypedData(domain, shape, value, signature), signer)
  } catch {
    return false
  }
}
