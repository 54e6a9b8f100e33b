import {
  AbiCoder,
  ContractFactory,
  concat,
  getCreateAddress,
  id,
  keccak256,
  Wallet,
  ZeroAddress,
  type Provider,
  type Signer,
  type TransactionRequest,
} from 'ethers'
import {
  energyCertificates,
  energyMarket,
  hearthToken,
  payments,
  registry,
  renderMarket,
  renderPanel,
  renderPool,
  repairFund,
  rewards,
  seeds,
  stewardship,
  storageMarket,
} from '../abi/index.ts'
import { genesisSupplyWei, parameters } from './parameters.ts'

export type ContractName = (typeof names)[number]

export type DeployOptions = {
  readonly profile: 'real' | 'practice'
  /** 1 to 6 characters of [A-Za-z0-9 .-]; `PLAY` on practice. */
  readonly symbol: string
  /** First word of every sentence, 1 to 6 characters of the same set. */
  readonly label: string
  /** Receives the whole genesis supply. */
  readonly genesisRecipient: string
  /** Holds the few powers of `Stewardship`; the genesis recipient unless named. */
  readonly admin?: string
  /** May pause new work, another account than the admin; nobody unless named. */
  readonly guard?: string
  /** Any text; together with the chain id it decides the addresses. Random on practice, secret until used elsewhere. */
  readonly salt: string
  readonly signal?: AbortSignal
}

export type Deployment = {
  readonly addresses: Readonly<Record<ContractName, string>>
  readonly deployedAtBlock: number
  readonly bytecodeHash: string
}

const names = [
  'HearthToken',
  'Registry',
  'Seeds',
  'Payments',
  'StorageMarket',
  'Stewardship',
  'RepairFund',
  'Rewards',
  'RenderPool',
  'RenderMarket',
  'RenderPanel',
  'EnergyCertificates',
  'EnergyMarket',
] as const
const artifacts = {
  HearthToken: hearthToken,
  Registry: registry,
  Seeds: seeds,
  Payments: payments,
  StorageMarket: storageMarket,
  Stewardship: stewardship,
  RepairFund: repairFund,
  Rewards: rewards,
  RenderPool: renderPool,
  RenderMarket: renderMarket,
  RenderPanel: renderPanel,
  EnergyCertificates: energyCertificates,
  EnergyMarket: energyMarket,
}
/** Above what any of the creations needs; unused gas is returned. */
const creationGasLimit = 6_000_000n
const creationTimeoutMs = 120_000

/** Hash over all creation code: a network made with another one must be made anew. */
export function bytecodeHash(): string {
  return keccak256(concat(names.map((name) => keccak256(artifacts[name].bytecode))))
}

/** What a deployment would do: the one-time account, the addresses that follow from it, and each creation in order. */
export type DeploymentPlan = {
  readonly deployer: Wallet
  readonly firstNonce: number
  readonly addresses: Readonly<Record<ContractName, string>>
  readonly creations: readonly { readonly name: ContractName; readonly transaction: TransactionRequest }[]
}

/** Prepares a deployment without sending anything. Throws when the chain's block hashes are zero or repeat (PROTOCOL 4). */
export async function planDeployment(provider: Provider, options: DeployOptions): Promise<DeploymentPlan> {
  const { chainId } = await provider.getNetwork()
  await checkBlockHashes(provider)
  const deployer = oneTimeAccount(options.salt, chainId).connect(provider)
  const firstNonce = await provider.getTransactionCount(deployer.address)
  const addresses = addressesFrom(deployer.address, firstNonce)
  const { epochSeconds } = parameters[options.profile]
  const { timestamp } = (await provider.getBlock('latest'))!
  // The epoch that runs now becomes the first.
  const clock = { epochSeconds, origin: Math.floor(timestamp / epochSeconds) - 1 }
  const creations = await Promise.all(
    names.map(async (name) => ({ name, transaction: await creation(name, addresses, options, clock) })),
  )
  return { deployer, firstNonce, addresses, creations }
}

/**
 * Deploys all contracts from a one-time account that follows from salt and chain id, so that their addresses do too,
 * whoever pays. Payments, StorageMarket and RepairFund name each other, which its known nonces make possible. Sends one transaction more
 * than there are contracts, without waiting in between. Throws as `planDeployment` does.
 */
export async function deployContracts(signer: Signer, provider: Provider, options: DeployOptions): Promise<Deployment> {
  const { chainId } = await provider.getNetwork()
  const { deployer, firstNonce, addresses, creations } = await planDeployment(provider, options)
  const fees = await provider.getFeeData()
  const pricing = feesOf(fees.maxFeePerGas ?? fees.gasPrice ?? 1_000_000_000n, fees.maxPriorityFeePerGas)
  const funds = pricing.maxFeePerGas * creationGasLimit * BigInt(names.length)
  const funding = await signer.sendTransaction({ to: deployer.address, value: funds, ...pricing })
  await funding.wait(1, creationTimeoutMs)
  const sent = []
  for (const [index, { transaction }] of creations.entries()) {
    options.signal?.throwIfAborted()
    const request = { nonce: firstNonce + index, gasLimit: creationGasLimit, chainId, ...pricing }
    sent.push(await deployer.sendTransaction({ ...transaction, ...request }))
  }
  const receipts = await Promise.all(sent.map((transaction) => transaction.wait(1, creationTimeoutMs)))
  const blocks = receipts.map((receipt) => receipt!.blockNumber)
  return { addresses, deployedAtBlock: Math.min(...blocks), bytecodeHash: bytecodeHash() }
}

function oneTimeAccount(salt: string, chainId: bigint): Wallet {
  const seed = AbiCoder.defaultAbiCoder().encode(
    ['string', 'bytes32', 'uint256'],
    ['hearth deployment', id(salt), chainId],
  )
  return new Wallet(keccak256(seed))
}

function addressesFrom(from: string, nonce: number): Record<ContractName, string> {
  const entries = names.map((name, index) => [name, getCreateAddress({ from, nonce: nonce + index })])
  return Object.fromEntries(entries) as Record<ContractName, string>
}

function feesOf(maxFeePerGas: bigint, priority: bigint | null): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
  const doubled = maxFeePerGas * 2n
  return { maxFeePerGas: doubled, maxPriorityFeePerGas: priority === null || priority > doubled ? 0n : priority }
}

/** How the deployment counts epochs, as its token and payments are told. */
type EpochClock = { readonly epochSeconds: number; readonly origin: number }

async function creation(
  name: ContractName,
  addresses: Record<ContractName, string>,
  options: DeployOptions,
  clock: EpochClock,
): Promise<TransactionRequest> {
  const factory = new ContractFactory(artifacts[name].abi, artifacts[name].bytecode)
  return factory.getDeployTransaction(...constructorArguments(name, addresses, options, clock))
}

function constructorArguments(
  name: ContractName,
  to: Record<ContractName, string>,
  options: DeployOptions,
  clock: EpochClock,
): unknown[] {
  const values = parameters[options.profile]
  const branding = { practice: options.profile === 'practice', label: options.label, symbol: options.symbol }
  const markets = { storageMarket: to.StorageMarket, renderMarket: to.RenderMarket, energyMarket: to.EnergyMarket }
  switch (name) {
    case 'HearthToken':
      return [branding, to.Stewardship, options.genesisRecipient, genesisSupplyWei, clock]
    case 'Registry':
      return [branding, to.HearthToken, to.Stewardship, markets, values.faultWindowSeconds, values.unbondingSeconds]
    case 'Seeds':
      return [values.seedSeconds]
    case 'Payments':
      return [
        branding,
        to.HearthToken,
        to.Registry,
        to.Rewards,
        markets,
        to.RepairFund,
        values.thawSeconds,
        values.payoutChangeSeconds,
        clock,
      ]
    case 'Stewardship':
      return [
        options.admin ?? options.genesisRecipient,
        options.guard ?? ZeroAddress,
        to.Rewards,
        values.successorSeconds,
      ]
    case 'Rewards':
      return [to.HearthToken, to.Payments]
    case 'StorageMarket':
      return [to.Registry, to.Seeds, to.Payments, to.RepairFund, storageTiming(options.profile)]
    case 'RepairFund':
      return [to.Registry, to.Payments, to.StorageMarket, values.provingPeriodSeconds]
    case 'RenderPool':
      return [to.Registry, to.RenderMarket, values.renderTurnSeconds, values.renderSilenceSeconds]
    case 'RenderMarket':
      return [renderOthers(to), renderTiming(options.profile)]
    case 'RenderPanel':
      return [to.Registry, to.Seeds, to.RenderPool, to.RenderMarket, renderTiming(options.profile)]
    case 'EnergyCertificates':
      return [to.EnergyMarket]
    case 'EnergyMarket':
      return [to.Registry, to.Payments, to.Stewardship, to.EnergyCertificates, energyTiming(options.profile)]
  }
}

function storageTiming(profile: 'real' | 'practice'): Record<string, number> {
  const values = parameters[profile]
  return {
    periodSeconds: values.provingPeriodSeconds,
    slotsPerPeriod: values.provingPeriodSeconds / values.seedSeconds,
    seedGapSeconds: values.seedGapSeconds,
    faultWindowPeriods: values.faultWindowSeconds / values.provingPeriodSeconds,
    deleteDelaySeconds: values.deleteDelaySeconds,
  }
}

function renderOthers(to: Record<ContractName, string>): Record<string, string> {
  return {
    registry: to.Registry,
    seeds: to.Seeds,
    payments: to.Payments,
    stewardship: to.Stewardship,
    pool: to.RenderPool,
    panel: to.RenderPanel,
  }
}

function renderTiming(profile: 'real' | 'practice'): Record<string, number> {
  const { seedSeconds, renderTurnSeconds, renderRevealSeconds, renderSilenceSeconds } = parameters[profile]
  return {
    turnSeconds: renderTurnSeconds,
    slotsPerTurn: renderTurnSeconds / seedSeconds,
    revealSeconds: renderRevealSeconds,
    silenceSeconds: renderSilenceSeconds,
  }
}

function energyTiming(profile: 'real' | 'practice'): Record<string, number> {
  const { energySlotSeconds, energySlotsPerDay, thawSeconds } = parameters[profile]
  return { slotSeconds: energySlotSeconds, slotsPerDay: energySlotsPerDay, challengeSeconds: thawSeconds }
}

async function checkBlockHashes(provider: Provider): Promise<void> {
  const latest = await provider.getBlockNumber()
  const numbers = [latest, latest - 1, latest - 2].filter((number) => number >= 0)
  const hashes = await Promise.all(numbers.map(async (number) => (await provider.getBlock(number))?.hash ?? null))
  const distinct = new Set(hashes)
  if (distinct.size !== hashes.length || distinct.has(null) || distinct.has(`0x${'0'.repeat(64)}`)) {
    throw new Error('The chain is not usable for Hearth: its block hashes are missing, zero or repeat.')
  }
}
