/**
 * Deploys Hearth on any EVM chain and writes the network file:
 * `node contracts/script/deploy-network.ts --rpc URL --profile real|practice --name NAME --symbol SYMBOL --env FILE --out NETWORK.json
 * [--recipient A] [--admin A] [--guard A] [--label L] [--salt S] [--dry-run]`. A dry run sends nothing and prints addresses and
 * gas. One line of JSON on standard output; ends with 1 and one line on standard error when something is wrong.
 */
import { rename, writeFile } from 'node:fs/promises'
import { HDNodeWallet, JsonRpcProvider, type Provider, type Wallet } from 'ethers'
import { networkFileSchema, openChain, verifyContracts, type NetworkFile } from '../client/index.ts'
import { deployContracts, planDeployment, type DeploymentPlan, type DeployOptions } from './deploy.ts'
import { type NetworkOptions, parseNetworkOptions, readDeployKey } from './network-options.ts'

const plainTransferGas = 21_000n
const confirmTimeoutMs = 120_000
/** Accounts that everybody has the keys of; the first ten of the phrase that development chains begin with. */
const knownPhrase = `${'test '.repeat(11)}junk`
const knownAccounts = 10

/** What a dry run found; nothing was sent. */
export type DryRun = {
  readonly dryRun: true
  readonly chainId: number
  readonly salt: string
  readonly deployer: string
  readonly contracts: Readonly<Record<string, string>>
  /** Gas of each creation, and of the transfer that funds them. */
  readonly gas: Readonly<Record<string, string>>
  readonly totalGas: string
  readonly costWei: string
}

export type Deployed = { readonly dryRun: false; readonly out: string; readonly network: NetworkFile }

/** Does what the command line says. Rejects before anything is sent where the input or the chain is not fit. */
export async function deployNetwork(options: NetworkOptions): Promise<DryRun | Deployed> {
  const provider = new JsonRpcProvider(options.rpc, undefined, { cacheTimeout: -1, batchMaxCount: 1 })
  try {
    const payer = (await readDeployKey(options.env)).connect(provider)
    refuseKnownAccounts(options, payer)
    const deploy = deployOptionsOf(options, payer.address)
    if (options['dry-run']) return await rehearse(provider, deploy)
    const network = await deployAndDescribe(provider, payer, options, deploy)
    const draft = `${options.out}.partial`
    await writeFile(draft, `${JSON.stringify(network, null, 2)}\n`, { mode: 0o600 })
    await rename(draft, options.out)
    return { dryRun: false, out: options.out, network }
  } finally {
    provider.destroy()
  }
}

function deployOptionsOf(options: NetworkOptions, payer: string): DeployOptions {
  const { profile, symbol, label, salt, admin, guard } = options
  return { profile, symbol, label, salt, admin, guard, genesisRecipient: options.recipient ?? payer }
}

/** PROTOCOL 9.2: nobody's tokens and powers may belong to a key that is printed in every handbook. */
function refuseKnownAccounts(options: NetworkOptions, payer: Wallet): void {
  if (options.profile !== 'real') return
  const known = new Set<string>()
  for (let index = 0; index < knownAccounts; index++) {
    known.add(HDNodeWallet.fromPhrase(knownPhrase, undefined, `m/44'/60'/0'/0/${index}`).address.toLowerCase())
  }
  const used = [payer.address, options.recipient, options.admin, options.guard].filter((one) => one !== undefined)
  const bad = used.find((account) => known.has(account.toLowerCase()))
  if (bad !== undefined) throw new Error(`The account ${bad} belongs to a published phrase: anyone could use it.`)
  const [admin, guard] = [options.admin?.toLowerCase(), options.guard?.toLowerCase()]
  if (admin === guard || [admin, guard].includes(payer.address.toLowerCase()))
    throw new Error('Admin, guard and payer must be three accounts.')
}

async function rehearse(provider: Provider, options: DeployOptions): Promise<DryRun> {
  const { chainId } = await provider.getNetwork()
  const plan = await planDeployment(provider, options)
  const gas = await estimate(provider, plan)
  const total = Object.values(gas).reduce((sum, one) => sum + one, 0n)
  const { maxFeePerGas, gasPrice } = await provider.getFeeData()
  const texts = Object.entries(gas).map(([name, amount]) => [name, amount.toString()])
  return {
    dryRun: true,
    chainId: Number(chainId),
    salt: options.salt,
    deployer: plan.deployer.address,
    contracts: plan.addresses,
    gas: Object.fromEntries(texts) as Record<string, string>,
    totalGas: total.toString(),
    costWei: (total * (maxFeePerGas ?? gasPrice ?? 0n)).toString(),
  }
}

async function estimate(provider: Provider, plan: DeploymentPlan): Promise<Record<string, bigint>> {
  const gas: Record<string, bigint> = { funding: plainTransferGas }
  for (const { name, transaction } of plan.creations) {
    gas[name] = await provider.estimateGas({ ...transaction, from: plan.deployer.address })
  }
  return gas
}

async function deployAndDescribe(
  provider: Provider,
  payer: Wallet,
  options: NetworkOptions,
  deploy: DeployOptions,
): Promise<NetworkFile> {
  const { deployer } = await planDeployment(provider, deploy)
  const { addresses, deployedAtBlock } = await deployContracts(payer, provider, deploy)
  await returnRest(provider, deployer, payer.address)
  const [{ chainId }, genesis] = await Promise.all([provider.getNetwork(), provider.getBlock(0)])
  const network = networkFileSchema.parse({
    formatVersion: 1,
    practice: options.profile === 'practice',
    name: options.name,
    symbol: options.symbol,
    chainId: Number(chainId),
    genesisHash: genesis?.hash,
    rpcUrls: [options.rpc],
    contracts: addresses,
    deployedAtBlock,
    bootstrapPeers: [],
    journeyUrl: null,
    nativeWeiPerToken: '0',
  })
  await requireOurCode(network)
  return network
}

async function requireOurCode(network: NetworkFile): Promise<void> {
  const chain = openChain(network)
  try {
    const wrong = Object.entries(await verifyContracts(chain)).filter(([, verdict]) => verdict !== 'same')
    if (wrong.length === 0) return
    throw new Error(`After the deployment the code differs: ${wrong.map((entry) => entry.join(' ')).join(', ')}.`)
  } finally {
    chain.close()
  }
}

/** Sends what the creations left over back to the payer; what is too little to pay for its own way stays. */
async function returnRest(provider: Provider, from: Wallet, to: string): Promise<void> {
  const [balance, fees] = await Promise.all([provider.getBalance(from.address), provider.getFeeData()])
  const maxFeePerGas = (fees.maxFeePerGas ?? fees.gasPrice ?? 0n) * 2n
  const kept = plainTransferGas * maxFeePerGas * 2n
  if (balance <= kept) return
  const sent = await from.sendTransaction({
    to,
    value: balance - kept,
    gasLimit: plainTransferGas,
    maxFeePerGas,
    maxPriorityFeePerGas: 0n,
  })
  await sent.wait(1, confirmTimeoutMs)
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.stdout.write(`${JSON.stringify(await deployNetwork(parseNetworkOptions(process.argv.slice(2))))}\n`)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
