import { Interface } from 'ethers'
import {
  energyCertificatesAbi,
  energyMarketAbi,
  hearthTokenAbi,
  paymentsAbi,
  registryAbi,
  renderMarketAbi,
  renderPanelAbi,
  renderPoolAbi,
  repairFundAbi,
  rewardsAbi,
  seedsAbi,
  stewardshipAbi,
  storageMarketAbi,
} from '../abi/index.ts'

/** Parsed once: encoding and decoding share them, and parsing an ABI takes milliseconds. */
export const interfaces = {
  HearthToken: new Interface(hearthTokenAbi),
  Registry: new Interface(registryAbi),
  Seeds: new Interface(seedsAbi),
  Payments: new Interface(paymentsAbi),
  StorageMarket: new Interface(storageMarketAbi),
  Stewardship: new Interface(stewardshipAbi),
  RepairFund: new Interface(repairFundAbi),
  Rewards: new Interface(rewardsAbi),
  RenderPool: new Interface(renderPoolAbi),
  RenderMarket: new Interface(renderMarketAbi),
  RenderPanel: new Interface(renderPanelAbi),
  EnergyCertificates: new Interface(energyCertificatesAbi),
  EnergyMarket: new Interface(energyMarketAbi),
} as const

export type ContractName = keyof typeof interfaces
