import { randomBytes } from 'node:crypto'
import { runVerifierTrials } from '../../../roles/render/testing/verifier-trial.ts'
import { tell } from './tell.ts'

/** Forged and honest results, each. */
const trials = 1_000

/**
 * Forged results of every kind and honest ones of a driver that rounds otherwise, through the very code with which a customer judges. The pictures
 * are arithmetic (`software-renderer.ts`), as noisy as a path tracer's; each trial is a unit of its own. The seed is printed.
 */
export async function benchVerifier(): Promise<void> {
  const seed = randomBytes(4).readUInt32BE()
  const { forged, honest } = await runVerifierTrials(trials, seeded(seed))
  const accepted = Object.values(forged).reduce((sum, kind) => sum + kind.accepted, 0)
  const tried = Object.fromEntries(Object.entries(forged).map(([kind, counts]) => [kind, counts.tried]))
  tell({
    figure: 'forged results accepted',
    value: accepted,
    unit: `of ${trials}`,
    target: { atMost: 0 },
    details: { seed, ...tried },
  })
  tell({
    figure: 'honest results refused',
    value: honest.refused,
    unit: `of ${honest.tried}`,
    target: { atMost: 1 },
    details: { seed },
  })
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
