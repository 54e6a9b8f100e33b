import { join } from 'node:path'
import { openChain, readNode, readTiming, type Chain } from '../../../contracts/client/index.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import { createNetworkNode, type NetworkNode } from '../../network/index.ts'
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
import { createProblems } from '../../upkeep/problems.ts'
import { firstLook, networkOfStart, remoteIdentity } from '../../upkeep/start-parts.ts'
import { storageProblems } from './storage-problems.ts'
import { runProvider, type ProviderParts } from './run-provider.ts'

/**
 * Starts the storage role: opens what is stored, joins the network, serves, proves. Rejects with FatalRoleError when a
 * restart cannot help (wrong network file), else with the reason that a restart may cure.
 */
export async function startStorageRole(context: RoleContext): Promise<RunningRole> {
  const { start } = context
  const network = networkOfStart(start)
  const database = openDatabase(join(start.dataDirectory, 'storage.sqlite'), providerMigrations)
  const chain = openChain(network)
  let node: NetworkNode | null = null
  try {
    const timing = await firstLook(() => readTiming(chain), context.log)
    const prices = await readPrices(chain, start.node)
    const problems = createProblems(context, storageProblems)
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
