import { randomBytes } from 'node:crypto'
import { runVerifierTrials } from '../../../roles/render/testing/verifier-trial.ts'

/** Forged and honest results, each. */
const trials = 1_000

/**
 * Forged results of every kind and honest ones of a driver that rounds otherwise, through the very code with which a customer judges. The pictures
 * are arithmetic (`software-renderer.ts`), as noisy as a path tracer's; each trial is a unit of its own. The seed is printed.
 */
export async function benchVerifier(print: (line: unknown) => void): Promise<void> {
  const seed = randomBytes(4).readUInt32BE()
  const startedMs = performance.now()
  const { forged, honest } = await runVerifierTrials(trials, seeded(seed))
  const kinds = Object.values(forged)
  print({
    bench: 'render verifier',
    seed,
    forged: kinds.reduce((sum, { tried }) => sum + tried, 0),
    forgedAccepted: kinds.reduce((sum, { accepted }) => sum + accepted, 0),
    honest: honest.tried,
    honestRefused: honest.refused,
    byKind: forged,
    seconds: Math.round((performance.now() - startedMs) / 1000),
  })
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
