import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  readScene,
  renderPicture,
  type RenderProgress,
  type RenderSummary,
} from '../../../../roles/render/customer/index.ts'
import { wakeRenderers } from '../../../practice/index.ts'
import { formatWei } from '../../output/format.ts'
import type { VerbContext } from '../verb.ts'
import { UsageError } from '../usage-error.ts'
import type { Verb } from '../verb.ts'
import { withCustomer } from '../with-customer.ts'
import { requireWritableFolder } from '../store/files.ts'
import { readRenderOptions, type RenderRequest } from './read-options.ts'

/** `hearth render`: has a scene path traced by other people's graphics processors. */
export const render: Verb = {
  name: 'render',
  summary: 'have a scene (GLB) rendered by the network, checked, paid and written as PNG and EXR',
  usage: [
    'render SCENE.glb --out DIR [--width N] [--height N] [--samples N] [--frames N] [--fps N]',
    '       [--redundancy 1|2|3] [--max-price TOKENS] [--camera N] [--bounces N] [--unit-seconds N] [--no-wait]',
  ],
  options: {
    width: { type: 'string' },
    height: { type: 'string' },
    samples: { type: 'string' },
    frames: { type: 'string' },
    fps: { type: 'string' },
    redundancy: { type: 'string' },
    'max-price': { type: 'string' },
    camera: { type: 'string' },
    bounces: { type: 'string' },
    'unit-seconds': { type: 'string' },
    'no-wait': { type: 'boolean' },
    out: { type: 'string' },
  },
  async run(context, { values, positionals }) {
    const [path, ...others] = positionals
    if (path === undefined || path === '' || others.length > 0)
      throw new UsageError('Name one scene, such as `hearth render room.glb --out pictures`.')
    const request = readRenderOptions(values)
    if (request.samplesAsked !== request.picture.samples)
      context.output.note(`Samples come in groups of 8: ${request.picture.samples} are rendered.`)
    const scene = await readScene(resolve(path))
    for (const name of scene.ignored) context.output.note(`The scene asks for ${name}, which is left out.`)
    await mkdir(request.outFolder, { recursive: true }).catch(() => undefined)
    await requireWritableFolder(request.outFolder)
    await withCustomer(context, async (customer) => {
      const open = context.platform.surfaces.open
      if (customer.chain.network.practice) {
        await wakeRenderers(customer.chain, { operators: request.replicas, signal: context.signal })
      }
      const bar = context.output.progress('Rendering')
      const progress = createReporter(context)
      try {
        const summary = await renderPicture(
          { ...customer, openSurface: open },
          {
            ...request,
            scene: scene.bytes,
            signal: context.signal,
            onContinue: (done, total) => context.output.note(`Continuing: ${done} of ${total} parts are there.`),
            onProgress(now) {
              bar.update({ label: labelOf(now), done: Math.floor(now.share * 1000), total: 1000, unit: 'steps' })
              progress(now)
            },
          },
        )
        bar.end()
        tell(context, summary, request, customer.chain.network.symbol)
      } finally {
        bar.end()
        context.platform.surfaces.stop()
      }
    })
  },
}

function labelOf({ unitsDone, unitsTotal, waitingFor }: RenderProgress): string {
  const parts = `${unitsDone} of ${unitsTotal} parts`
  return waitingFor === null ? `Rendering, ${parts}` : `Waiting, ${waitingFor}`
}

/** With --json one line whenever something changed that a script may want to know. */
function createReporter({ output }: VerbContext): (progress: RenderProgress) => void {
  let last = ''
  return ({ preview, share, ...rest }) => {
    const line = {
      progress: { ...rest, share: Math.round(share * 1000) / 1000, preview: preview === null ? null : preview.unit },
    }
    const text = JSON.stringify(line)
    if (text === last) return
    last = text
    if (output.json) output.machine(line)
  }
}

function tell({ output }: VerbContext, summary: RenderSummary, request: RenderRequest, symbol: string): void {
  const { nodes, refused, paidWei, frames, units, settled } = summary
  output.result({ ...summary, out: request.outFolder }, () => [
    `Rendered ${frames.length === 1 ? 'a picture' : `${frames.length} pictures`} in ${units} parts on ${nodes.length} computers: ${frames[0]?.png ?? ''}`,
    `Paid: ${formatWei(paidWei, symbol)}.`,
    ...refused.map(({ node, unit, reason }) => `Not accepted: part ${unit} of ${node}, since ${reason}.`),
    ...(settled
      ? []
      : ['Something is still open on the network; run the same command later to get the rest of your money back.']),
  ])
}
