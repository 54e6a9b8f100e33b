import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder } from '../../../main/cli/electron/cache-folder.ts'
import type { EngineClient } from '../../../roles/render/surface/engine-client.ts'
import { buildPeer } from './build-peer.ts'
import { generousLimits, jobOf, openEngine, openHost, unitOf, type Host } from './open-engine.ts'
import { tell } from './tell.ts'
import type { PeerAnswer, PeerRequest } from './peer/peer.ts'

const side = 256
const bounces = 5
const samples = 8
/** Ours and theirs take turns, so that a busy moment of the machine meets both. */
const rounds = 3

/**
 * Edges of our paths that are at least the peer's: it aims at lights after its last bounce, which makes one edge more; ours are
 * then also followed by chance.
 */
const edges = bounces + 1

async function measurePeer(host: Host, scene: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<PeerAnswer> {
  const surface = await host.open({ signal })
  try {
    return await new Promise<PeerAnswer>((done, fail) => {
      surface.onClose((reason) => fail(new Error(`The peer's window is gone: ${reason}`)))
      surface.onMessage((message) => {
        const { kind } = message as { kind: string }
        if (kind === 'booted') surface.post({ scene, side, bounces, samples } satisfies PeerRequest)
        else if (kind === 'measured') done(message as PeerAnswer)
        else fail(new Error(`The peer failed: ${JSON.stringify(message)}`))
      })
    })
  } finally {
    surface.close()
  }
}

type Ours = { readonly shaderMs: number; readonly sampleMs: number }

async function measureOurs(engine: EngineClient, scene: Uint8Array<ArrayBuffer>): Promise<Ours> {
  const job = jobOf(scene, { side, samples: 64, maxBounces: edges })
  const { shaderMs } = await engine.load({ scene, job, limits: generousLimits, backEnd: null })
  await engine.render({ unit: unitOf(64) })
  const { renderMs } = await engine.render({ unit: unitOf(side) })
  return { shaderMs, sampleMs: renderMs / 8 }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

/**
 * Gives windows that open from now on an empty cache, so that drivers compile each shader in earnest; ours, where Electron is, is
 * linked into it. Returns the way back.
 */
function emptyDriverCache(): () => void {
  const [folder, before] = [mkdtempSync(join(tmpdir(), 'hearth-cache-')), process.env['XDG_CACHE_HOME']]
  symlinkSync(cacheFolder(), join(folder, 'hearth'))
  process.env['XDG_CACHE_HOME'] = folder
  return () => {
    if (before === undefined) delete process.env['XDG_CACHE_HOME']
    else process.env['XDG_CACHE_HOME'] = before
    rmSync(folder, { recursive: true, force: true })
  }
}

/** How fast is it beside three-gpu-pathtracer, on the same scene, back end and bounces, in one run? */
export async function measureSpeed(scene: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
  const restoreCache = emptyDriverCache()
  const [host, peerHost] = [openHost(), openHost(await buildPeer())]
  const [ours, theirs]: [Ours[], PeerAnswer[]] = [[], []]
  try {
    for (let round = 0; round < rounds; round++) {
      theirs.push(await measurePeer(peerHost, scene, signal))
      const engine = await openEngine(host, signal)
      ours.push(await measureOurs(engine, scene).finally(() => engine.close()))
    }
  } finally {
    host.stop()
    peerHost.stop()
    restoreCache()
  }
  const [oursMs, theirsMs] = [median(ours.map((run) => run.sampleMs)), median(theirs.map((run) => run.nextSampleMs))]
  const peer = 'three-gpu-pathtracer 0.0.26'
  tell({
    figure: 'a sample of 256 x 256 pixels',
    value: oursMs,
    unit: 'ms',
    peer: { name: peer, value: theirsMs },
    details: { device: theirs[0]!.device, bounces, edges },
  })
  tell({ figure: `samples a second, times ${peer}`, value: theirsMs / oursMs, unit: 'x', target: { atLeast: 1.5 } })
  tell({
    figure: 'shader ready, compiled in earnest',
    value: ours[0]!.shaderMs,
    unit: 'ms',
    target: { atMost: 2_000 },
    peer: { name: `${peer}, first sample with it`, value: theirs[0]!.firstSampleMs },
  })
}
