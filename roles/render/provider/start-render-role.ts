import { join } from 'node:path'
import { openChain, readRenderTiming } from '../../../contracts/client/index.ts'
import { HearthError } from '../../api/errors.ts'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import { createNetworkNode, type NetworkNode } from '../../network/index.ts'
import { openDatabase } from '../../persistence/index.ts'
import { createProblems } from '../../upkeep/problems.ts'
import { firstLook, networkOfStart, remoteIdentity } from '../../upkeep/start-parts.ts'
import type { Patience } from '../surface/engine-channel.ts'
import type { Misbehaviour } from './misbehave.ts'
import { createPanelBook, panelMigrations } from './panel-book.ts'
import { runRenderProvider } from './run-render-provider.ts'
import { createResultShelf } from './result-shelf.ts'
import { createSceneStore } from './scene-store.ts'
import { createTaskBook, taskMigrations } from './task-book.ts'
import { createTaskFiles } from './task-files.ts'

/** What only tests and the practice network change. */
export type RenderRoleOptions = {
  /** A cheat of the practice network. */
  readonly misbehave?: Misbehaviour
  readonly patience?: Patience
  /** Most tasks at a time; the chain gives a node without provision one. */
  readonly capacity?: number
}

const usualCapacity = 2

/** Worst first. */
const renderProblems = ['NO_SURFACE', 'CHAIN_LOST', 'NOT_BOUND']

/**
 * Starts the render role: joins the network, measures the graphics processor once, takes work, renders it, hands it in and gives keys for pay.
 * Rejects with FatalRoleError when a restart cannot help, else with the reason that a restart may cure.
 */
export async function startRenderRole(context: RoleContext, options: RenderRoleOptions = {}): Promise<RunningRole> {
  const { start } = context
  const network = networkOfStart(start)
  const database = openDatabase(join(start.dataDirectory, 'render.sqlite'), [...taskMigrations, ...panelMigrations])
  const chain = openChain(network)
  let node: NetworkNode | null = null
  try {
    const timing = await firstLook(() => readRenderTiming(chain), context.log)
    const files = createTaskFiles(join(start.workDirectory, 'render-units'))
    node = await createNetworkNode({
      identity: remoteIdentity(context),
      listen: start.listen,
      bootstrapPeers: network.bootstrapPeers,
      mode: 'server',
      log: context.log,
    })
    const running = runRenderProvider({
      ...{ context, chain, timing, node, files, shelf: createResultShelf(files) },
      book: createTaskBook(database),
      panels: createPanelBook(database),
      scenes: createSceneStore(join(start.workDirectory, 'render-scenes')),
      problems: createProblems(context, renderProblems),
      openSurface: context.openSurface ?? noSurface,
      capacity: options.capacity ?? usualCapacity,
      misbehave: network.practice ? (options.misbehave ?? null) : null,
      ...(options.patience === undefined ? {} : { patience: options.patience }),
    })
    return closingAfter(running, database.close)
  } catch (error) {
    await node?.stop()
    chain.close()
    database.close()
    throw error
  }
}

const noSurface: OpenRenderSurface = () =>
  Promise.reject(new HearthError('NO_SURFACE', 'nothing here can open a window to render in.'))

function closingAfter(running: RunningRole, closeDatabase: () => void): RunningRole {
  let stopped: Promise<void> | null = null
  return {
    ...running,
    stop() {
      stopped ??= running.stop().finally(closeDatabase)
      return stopped
    },
  }
}
