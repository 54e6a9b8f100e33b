import { createTask } from './task.ts'

/** The person chooses a file meanwhile. */
const savingLimitMs = 600_000

/** An epoch of a large network is recomputed in some twenty seconds; reading its events takes longer on a slow line. */
const verifyingLimitMs = 180_000

/** Writes the list of payments for the tax office. */
export const taxExport = createTask('earnings:saveCsv', { timeoutMs: savingLimitMs })

/** Recomputes one epoch's rewards from what was recorded. */
export const rewardCheck = createTask('rewards:verify', { timeoutMs: verifyingLimitMs })
