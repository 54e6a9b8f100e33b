import type { ChainCall } from './chain.ts'
import type { EnergyDayTree, EnergyNet } from './energy-days.ts'
import { interfaces } from './interfaces.ts'
import type { NetworkFile } from './network-file.ts'

/** Leaves of a day as IEnergyMarket takes them, each with the siblings on its way up. Hashes and salts are 32 bytes as hex. */
export type EnergyHeaderLeaf = {
  readonly slot: number
  readonly figures: {
    readonly settler: string
    readonly bookRoot: string
    readonly orderCount: number
    readonly firstEntry: number
    readonly priceGweiPerWh: number
    readonly tradedWh: number
    readonly deliveredWh: number
    readonly takenWh: number
    readonly signatureHash: string
    readonly salt: string
  }
  readonly siblings: readonly string[]
}

export type EnergyEntryLeaf = {
  readonly slot: number
  readonly index: number
  readonly line: {
    readonly orderHash: string
    readonly node: string
    /** 0 sells, 1 buys. */
    readonly side: number
    readonly limitGweiPerWh: number
    readonly wattHours: number
    readonly filledWh: number
    readonly salt: string
  }
  readonly sums: { readonly boughtBeforeWh: number; readonly soldBeforeWh: number; readonly salt: string }
  readonly measure: {
    readonly measuredWh: number
    readonly readingHash: string
    readonly netWei: bigint
    readonly salt: string
  }
  readonly run: {
    readonly deliveredBeforeWh: number
    readonly takenBeforeWh: number
    readonly nodeNetBeforeWei: bigint
    readonly previousEntry: number
    readonly salt: string
  }
  readonly siblings: readonly string[]
}

export type EnergyTotalLeaf = {
  readonly node: string
  readonly netWei: bigint
  readonly lastEntry: number
  readonly salt: string
  readonly index: number
  readonly siblings: readonly string[]
}

/** In the order of their numbers on chain. */
export const energySlotFaults = [
  'orderLeftOut',
  'betterOrderUnfilled',
  'fillOutsideLimit',
  'bookOutOfOrder',
  'sumsBreak',
  'sumsEndElsewhere',
] as const
export const energyNodeFaults = ['chainBreaks', 'totalDiffers'] as const

/** What contradicts a header: the settler's signature of its result (empty: the poster is liable), and a receipt where one counts. */
export type EnergyEvidence = {
  readonly settlerSignature: string
  readonly orderHash: string
  readonly orderNode: string
  readonly receiptSignature: string
}

/** A fault with the leaves that prove it. */
export type EnergyChallenge =
  | {
      readonly kind: 'slot'
      readonly fault: (typeof energySlotFaults)[number]
      readonly header: EnergyHeaderLeaf
      readonly entries: readonly EnergyEntryLeaf[]
      readonly evidence: EnergyEvidence
    }
  | {
      readonly kind: 'node'
      readonly fault: (typeof energyNodeFaults)[number]
      /** Not looked at where a chain breaks. */
      readonly total: EnergyTotalLeaf
      readonly entries: readonly EnergyEntryLeaf[]
    }
  | { readonly kind: 'posted'; readonly total: EnergyTotalLeaf; readonly nets: readonly EnergyNet[] }

/** Proves a fault of a settled day; anyone may, and gets nothing for it. */
export function encodeEnergyChallenge(
  network: NetworkFile,
  day: { readonly community: string; readonly day: number; readonly tree: EnergyDayTree },
  challenge: EnergyChallenge,
): ChainCall {
  const to = network.contracts.EnergyMarket
  const place = { community: day.community, day: day.day, tree: day.tree }
  switch (challenge.kind) {
    case 'slot': {
      const number = energySlotFaults.indexOf(challenge.fault)
      const args = [place, number, challenge.header, challenge.entries, challenge.evidence]
      return { to, data: interfaces.EnergyMarket.encodeFunctionData('proveSlotFault', args) }
    }
    case 'node': {
      const number = energyNodeFaults.indexOf(challenge.fault)
      return {
        to,
        data: interfaces.EnergyMarket.encodeFunctionData('proveNodeFault', [
          place,
          number,
          challenge.total,
          challenge.entries,
        ]),
      }
    }
    case 'posted':
      return {
        to,
        data: interfaces.EnergyMarket.encodeFunctionData('provePostedFault', [place, challenge.total, challenge.nets]),
      }
  }
}
