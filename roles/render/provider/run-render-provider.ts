import { setMaxListeners } from 'node:events'
import {
  classOfBackEnd,
  readRenderPanel,
  readRenderWorker,
  type Chain,
  type RenderTiming,
  type RenderWorker,
} from '../../../contracts/client/index.ts'
import { statusPreviewPixels, type RenderStatus } from '../../api/render-status.ts'
import type { OpenRenderSurface } from '../../api/render-surface.ts'
import { sameAddress } from '../../api/values.ts'
import type { RoleContext, RunningRole } from '../../api/worker.ts'
import type { NetworkNode } from '../../network/index.ts'
import type { Problems } from '../../upkeep/problems.ts'
import { repeat } from '../../upkeep/repeat.ts'
import { createThrottle } from '../../upkeep/throttle.ts'
import { watchChain, type Head } from '../../upkeep/watch-chain.ts'
import type { BackEnd } from '../protocol/engine-messages.ts'
import { renderProtocol } from '../protocol/frames.ts'
import { usualSceneLimits } from '../protocol/scene-limits.ts'
import { shrinkPreview } from '../protocol/watermark.ts'
import { checkScene } from '../protocol/scene/check-scene.ts'
import type { Patience } from '../surface/engine-channel.ts'
import { followTasks } from './follow-tasks.ts'
import { handIn } from './hand-in.ts'
import { createScoreKeeper, type ScoreKeeper } from './keep-score.ts'
import type { Misbehaviour } from './misbehave.ts'
import { lookAtDispute } from './look-at-dispute.ts'
import type { PanelBook } from './panel-book.ts'
import { createRenderLoop, type RenderLoop } from './render-loop.ts'
import type { ResultShelf } from './result-shelf.ts'
import type { SceneStore } from './scene-store.ts'
import { serveRender } from './serve-render.ts'
import { sitOnPanels } from './sit-on-panel.ts'
import { keepInPool } from './take-work.ts'
import type { TaskBook } from './task-book.ts'
import type { TaskFiles } from './task-files.ts'

/** All parts of a render node, made by `startRenderRole`. */
export type RenderProviderParts = {
  readonly context: RoleContext
  readonly chain: Chain
  readonly timing: RenderTiming
  readonly node: NetworkNode
  readonly book: TaskBook
  readonly panels: PanelBook
  readonly files: TaskFiles
  readonly shelf: ResultShelf
  readonly scenes: SceneStore
  readonly problems: Problems
  readonly openSurface: OpenRenderSurface
  readonly capacity: number
  readonly misbehave: Misbehaviour | null
  readonly patience?: Patience
}

/** The chain is looked at this often: reveals and redraws have short times on a practice network. */
const pollMs = 1_000
const poolCheckMs = 2_000
const panelCheckMs = 2_000
const clearEveryMs = 3_600_000
const keptAfterPayMs = 48 * 3_600_000

/** What changes while a render node works. */
type Live = { head: Head | null; worker: RenderWorker | null; draining: boolean; conversations: number }

/** Lets a render node work until it is stopped. */
export function runRenderProvider(parts: RenderProviderParts): RunningRole {
  const { context, node, book } = parts
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(0, signal)
  const live: Live = { head: null, worker: null, draining: false, conversations: 0 }
  const nowSeconds = (): number => live.head?.timestampSeconds ?? Math.floor(Date.now() / 1000)
  const keeper = createScoreKeeper(parts)
  const backEnd = () => keeper.score()?.backEnd ?? null
  const limits = usualSceneLimits
  const loop = createRenderLoop({ ...parts, limits, backEnd, nowSeconds })
  const willing = (): boolean =>
    !live.draining &&
    keeper.score() !== null &&
    context.allowance().work !== 'paused' &&
    (context.allowance().leaving ?? null) === null
  const undos = [
    context.onBootstrapPeers((peers) => void node.addBootstrapPeers(peers)),
    serve(parts, live, keeper, loop, willing),
  ]
  const background = Promise.all([
    loop.run(signal),
    keeper.run(signal),
    follow(parts, live, loop, signal),
    keepPool(parts, live, keeper, willing, nowSeconds, signal),
    keepPanels(parts, live, backEnd, signal),
    clearPaid(parts, signal),
  ])
  const stop = async (): Promise<void> => {
    live.draining = true
    stopping.abort()
    for (const undo of undos) undo()
    await node.stop()
    await background
    parts.chain.close()
  }
  return {
    status: () => ({
      peerId: node.peerId,
      multiaddrs: node.multiaddrs(),
      peers: new Set(node.connections().map((connection) => connection.peerId)).size,
      lastAcceptedWorkAtMs: book.note('lastPaidAtMs') === null ? null : Number(book.note('lastPaidAtMs')),
      storage: null,
      render: renderStatus(parts, live, keeper, loop),
      problems: parts.problems.list(),
    }),
    async drain({ deadlineMs }) {
      live.draining = true
      // A unit in progress is kept as a checkpoint; what is rendered is handed in while there is time.
      const pending = (): boolean => live.conversations > 0 || book.tasksIn('rendered', 'committed').length > 0
      while (Date.now() < deadlineMs && pending()) await new Promise((done) => setTimeout(done, 100))
    },
    stop,
  }
}

function serve(
  parts: RenderProviderParts,
  live: Live,
  keeper: ScoreKeeper,
  loop: RenderLoop,
  willing: () => boolean,
): () => void {
  const { context } = parts
  const serveParts = {
    ...parts,
    loop,
    limits: usualSceneLimits,
    upload: createThrottle(() => context.allowance().uploadBytesPerSecond),
    download: createThrottle(() => context.allowance().downloadBytesPerSecond),
    checkScene: (bytes: Uint8Array) => void checkScene(bytes, usualSceneLimits),
    taking: willing,
    offer: () => {
      const score = keeper.score()
      const { megasamplesPerSecond = 0, device = '' } = score ?? {}
      return { backEnd: score?.backEnd ?? null, megasamplesPerSecond, device }
    },
    async onPanel(peer: string, jobId: string, task: number) {
      const { seats } = await readRenderPanel(parts.chain, { jobId, task })
      return seats.some(({ member }) => sameAddress(member, peer))
    },
  }
  return parts.node.handle(
    renderProtocol,
    async (stream) => {
      live.conversations++
      try {
        await serveRender(serveParts, stream)
      } finally {
        live.conversations--
      }
    },
    { maxInboundStreams: 16 },
  )
}

async function follow(parts: RenderProviderParts, live: Live, loop: RenderLoop, signal: AbortSignal): Promise<void> {
  let handing: Promise<void> | null = null
  await watchChain({
    ...{ chain: parts.chain, pollMs, context: parts.context, problems: parts.problems, signal },
    async onHead(change) {
      live.head = change.head
      if (await followTasks(parts, change)) loop.poke()
      // Not awaited: a transaction waits for its block, and the chain goes on meanwhile.
      handing ??= handIn(
        { ...parts, silenceSeconds: parts.timing.silenceSeconds },
        change.head.timestampSeconds,
        signal,
      )
        .catch((error: unknown) => parts.context.log.warn('Handing in failed.', { error: String(error) }))
        .finally(() => (handing = null))
    },
  })
  await handing
}

async function keepPool(
  parts: RenderProviderParts,
  live: Live,
  keeper: ScoreKeeper,
  willing: () => boolean,
  nowSeconds: () => number,
  signal: AbortSignal,
): Promise<void> {
  const { context, chain, timing, capacity } = parts
  const backEndClass = (): number | null => {
    const score = keeper.score()
    return score === null ? null : classOfBackEnd(score.backEnd)
  }
  await repeat(
    poolCheckMs,
    signal,
    async () => {
      if (live.head === null) return
      await keepInPool({ context, chain, timing, capacity, backEndClass, willing }, nowSeconds(), signal)
      live.worker = await readRenderWorker(chain, context.start.node)
    },
    (error) => context.log.warn('Taking work did not go through; it is tried again.', { error: String(error) }),
  )
}

/** What was paid for stays two days from its rendering on: a customer who was away when his silence accepted it still fetches it. */
async function clearPaid({ book, files, context }: RenderProviderParts, signal: AbortSignal): Promise<void> {
  await repeat(
    clearEveryMs,
    signal,
    async () => {
      for (const { jobId, task } of book.tasksIn('paid'))
        if (((await files.ageMs(jobId, task)) ?? 0) > keptAfterPayMs) await files.remove(jobId, task)
    },
    (error) => context.log.warn('Old results could not be removed.', { error: String(error) }),
  )
}

async function keepPanels(
  parts: RenderProviderParts,
  live: Live,
  backEnd: () => BackEnd | null,
  signal: AbortSignal,
): Promise<void> {
  const { context } = parts
  const look = { ...parts, limits: usualSceneLimits, backEnd, log: context.log }
  await repeat(
    panelCheckMs,
    signal,
    async () => {
      if (live.head === null || context.allowance().work === 'paused') return
      const head = { number: live.head.number, seconds: live.head.timestampSeconds }
      await sitOnPanels({ ...parts, look: (seat) => lookAtDispute(look, seat, signal) }, head, signal)
    },
    (error) => context.log.warn('A panel could not be served; it is tried again.', { error: String(error) }),
  )
}

function renderStatus(parts: RenderProviderParts, live: Live, keeper: ScoreKeeper, loop: RenderLoop): RenderStatus {
  const totals = parts.book.totals()
  const current = loop.current()
  const own = loop.ownPreview()
  return {
    state: stateOf(parts, keeper, loop),
    score: keeper.score(),
    tier: live.worker?.tier ?? null,
    unit:
      current === null
        ? null
        : {
            ...{
              jobId: current.jobId,
              unit: current.unit.index,
              frame: current.unit.frame,
              customer: current.customer,
            },
            ...{ width: current.unit.width, height: current.unit.height, startedAtMs: current.startedAtMs },
            ...{ samplesDone: current.samplesDone, samplesTotal: current.samplesTotal },
          },
    preview: own === null ? null : shrinkPreview(own, statusPreviewPixels),
    unitsWaiting: totals.waiting,
    unitsAccepted: totals.accepted,
    unitsRefused: totals.refused,
    paidWei: totals.paidWei.toString(),
  }
}

function stateOf({ context }: RenderProviderParts, keeper: ScoreKeeper, loop: RenderLoop): RenderStatus['state'] {
  if (context.allowance().work === 'paused') return 'paused'
  switch (keeper.state()) {
    case 'unknown':
      return 'starting'
    case 'measuring':
      return 'benchmarking'
    case 'none':
      return 'noSurface'
    case 'known':
      return loop.current() === null ? 'idle' : 'rendering'
  }
}
