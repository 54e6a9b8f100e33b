import { join } from 'node:path'
import { networkFileSchema, openChain, readNode, readTiming, type Chain } from '../../../contracts/client/index.ts'
import { FatalRoleError } from '../../api/errors.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import { createNetworkNode, type IdentityKey, type NetworkNode } from '../../network/index.ts'
import { openDatabase } from '../../persistence/index.ts'
import { createNodeVoucherStore } from '../../vouchers/index.ts'
import { createAuditLog } from './audit-log.ts'
import { createCatalogueStore } from './catalogue-store.ts'
import { createCustomerFacts } from './customer-facts.ts'
import { createDiskKeeper, openDisks, type DiskUsages } from './disks/keep-disks.ts'
import { createExitRecords } from './exit/exit-records.ts'
import { createPeriodLog } from './period-log.ts'
import { createPieceIndex, providerMigrations } from './piece-index.ts'
import { createPieceStore } from './piece-store.ts'
import { choosePrices, priceFloorRoundedUp, type Prices } from './prices.ts'
import { createProblems } from './problems.ts'
import { runProvider, type ProviderParts } from './run-provider.ts'

/** Bound of the first look at the chain; the role does not start without the contracts' times. */
const firstLookTries = 20

/**
 * Starts the storage role: opens what is stored, joins the network, serves, proves. Rejects with FatalRoleError when a
 * restart cannot help (wrong network file), else with the reason that a restart may cure.
 */
export async function startStorageRole(context: RoleContext): Promise<RunningRole> {
  const network = parseNetwork(context)
  const { start } = context
  const database = openDatabase(join(start.dataDirectory, 'storage.sqlite'), providerMigrations)
  const chain = openChain(network)
  let node: NetworkNode | null = null
  try {
    const timing = await readTimingPatiently(chain, context)
    const prices = await readPrices(chain, start.node)
    const problems = createProblems(context)
    const index = createPieceIndex(database)
    const usages: DiskUsages = new Map()
    const provingPeriodMs = timing.provingPeriodSeconds * 1000
    const disks = openDisks({ context, database, index, problems, provingPeriodMs, usages })
    const store = createPieceStore({ index, disks, problems, context })
    const diskKeeper = createDiskKeeper({ context, store, problems, usages })
    const vouchers = createNodeVoucherStore(database, network, start.node)
    const customers = createCustomerFacts(chain, start.node)
    node = await createNetworkNode({
      identity: remoteIdentity(context),
      listen: start.listen,
      bootstrapPeers: network.bootstrapPeers,
      mode: 'server',
      log: context.log,
    })
    const parts: ProviderParts = {
      context,
      chain,
      timing,
      prices,
      problems,
      diskKeeper,
      store,
      vouchers,
      audits: createAuditLog(database, start.node),
      periods: createPeriodLog(database),
      catalogues: createCatalogueStore(database),
      customers,
      records: createExitRecords(database),
      node,
    }
    const running = await runProvider(parts)
    return endingWith(running, database.close)
  } catch (error) {
    await node?.stop()
    chain.close()
    database.close()
    throw error
  }
}

/** The role's key as libp2p identity: every handshake asks the signer outside this process. */
function remoteIdentity(context: RoleContext): IdentityKey {
  return {
    publicKey: Buffer.from(context.start.nodePublicKey.replace(/^0x/, ''), 'hex'),
    sign: (bytes) => context.sign({ kind: 'libp2p', bytes: Uint8Array.from(bytes) }),
  }
}

function parseNetwork(context: RoleContext) {
  const parsed = networkFileSchema.safeParse(context.start.network)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new FatalRoleError(
    'NETWORK_FILE_INVALID',
    `The network file is not valid (${issue?.path.join('.') ?? 'top'}: ${issue?.message ?? 'unknown'}).`,
    { action: 'Get the network file again from whoever runs the network.' },
  )
}

async function readTimingPatiently(chain: Chain, context: RoleContext) {
  for (let tries = 1; ; tries++) {
    try {
      return await readTiming(chain)
    } catch (error) {
      if (tries >= firstLookTries) throw error
      context.log.info('The chain does not answer yet.', { tries, error: String(error) })
      await new Promise((resolve) => setTimeout(resolve, Math.min(250 * tries, 3_000)))
    }
  }
}

async function readPrices(chain: Chain, node: string): Promise<Prices> {
  const [fees, entry] = await Promise.all([chain.provider.getFeeData(), readNode(chain, node)])
  const floor = priceFloorRoundedUp(fees.gasPrice ?? 0n, BigInt(chain.network.nativeWeiPerToken))
  return choosePrices(entry?.terms ?? null, floor)
}

function endingWith(running: RunningRole, closeDatabase: () => void): RunningRole {
  let stopped: Promise<void> | null = null
  return {
    ...running,
    stop() {
      stopped ??= running.stop().finally(closeDatabase)
      return stopped
    },
  }
}
