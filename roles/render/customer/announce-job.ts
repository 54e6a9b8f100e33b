import { readRenderPanel } from '../../../contracts/client/index.ts'
import type { JobRun, Snapshot } from './job-run.ts'
import { mapParallel } from '../../upkeep/map-parallel.ts'
import { NodeRefusedError } from './errors.ts'

const parallelNodes = 8
/** A node that could not be reached is asked again after this. */
const retryMs = 3_000

/** Members of panels about this job need it to look at what is disputed. */
async function panelMembers({ customer }: JobRun, { tasks, job }: Snapshot): Promise<string[]> {
  const disputed = tasks.filter(({ state }) => state === 'disputed')
  const panels = await Promise.all(
    disputed.map(({ task }) => readRenderPanel(customer.chain, { jobId: job.jobId, task })),
  )
  return panels.flatMap(({ seats }) => seats.map(({ member }) => member))
}

/** Tells nodes what was drawn for them. */
export type Announcer = {
  /** Tells every node that has something to render and was not told yet. Never rejects for a node's sake. */
  announce(snapshot: Snapshot): Promise<void>
  /** Why nodes could not be told, by node. */
  troubles(): ReadonlyMap<string, string>
}

export function createAnnouncer(run: JobRun): Announcer {
  const told = new Set<string>()
  const nextTryMs = new Map<string, number>()
  const troubles = new Map<string, string>()
  return {
    troubles: () => troubles,
    async announce(snapshot) {
      const drawn = snapshot.tasks.filter(({ state }) => state === 'drawn').map(({ node }) => node)
      const waiting = [...drawn, ...(await panelMembers(run, snapshot))].filter((node) => !told.has(node))
      const due = [...new Set(waiting)].filter((node) => Date.now() >= (nextTryMs.get(node) ?? 0))
      await mapParallel(due, parallelNodes, async (node) => {
        const { jobId, job } = run.journal()
        try {
          await (await run.ask(node)).announce(jobId, job, run.scene)
          told.add(node)
          troubles.delete(node)
        } catch (error) {
          // The node may not have seen the block yet in which it was drawn.
          const early = error instanceof NodeRefusedError && error.refusal === 'unknownJob'
          nextTryMs.set(node, Date.now() + (early ? 500 : retryMs))
          if (!early) troubles.set(node, error instanceof Error ? error.message : String(error))
        }
      })
    },
  }
}
