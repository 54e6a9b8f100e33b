// Written by contracts/script/build-abi.ts.
export { hearthToken, hearthTokenAbi } from './hearth-token.ts'
export { registry, registryAbi } from './registry.ts'
export { seeds, seedsAbi } from './seeds.ts'
export { payments, paymentsAbi } from './payments.ts'
export { storageMarket, storageMarketAbi } from './storage-market.ts'
export { stewardship, stewardshipAbi } from './stewardship.ts'
export { repairFund, repairFundAbi } from './repair-fund.ts'
export { rewards, rewardsAbi } from './rewards.ts'
