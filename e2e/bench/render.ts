import { makeRoom } from '../fixtures/render/make-room.ts'
import { checkCorrectness } from './render/correctness.ts'
import { checkDeterminism } from './render/determinism.ts'
import { openEngine, openHost } from './render/open-engine.ts'
import { measureSpeed } from './render/speed.ts'
import { missedFigures } from './render/tell.ts'
import { benchVerifier } from './render/verifier.ts'

/**
 * `npm run bench render [part...]`: the embedded render engine in its hidden window. Parts: correct, deterministic, fast,
 * verifier (needs no window).
 * Exits 1 when a figure misses its target.
 */
const timeoutMs = 30 * 60_000
const signal = AbortSignal.timeout(timeoutMs)
const host = openHost()

const parts: Record<string, () => Promise<void>> = {
  correct: async () => {
    const engine = await openEngine(host, signal)
    await checkCorrectness(engine).finally(() => engine.close())
  },
  deterministic: () => checkDeterminism(host, makeRoom(), signal),
  fast: () => measureSpeed(makeRoom(), signal),
  verifier: () => benchVerifier(),
}

const chosen = process.argv.slice(2)
try {
  for (const name of chosen.length > 0 ? chosen : Object.keys(parts)) {
    const part = parts[name]
    if (part === undefined) throw new Error(`There is no part ${name}. There are: ${Object.keys(parts).join(', ')}.`)
    await part()
  }
} finally {
  host.stop()
}
process.exit(missedFigures() === 0 ? 0 : 1)
