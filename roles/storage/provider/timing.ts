import type { readTiming } from '../../../contracts/client/index.ts'

/** Times of the deployment, as the contracts tell them. */
export type Timing = Awaited<ReturnType<typeof readTiming>>
