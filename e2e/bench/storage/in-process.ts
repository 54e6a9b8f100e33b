import { benchChallenges } from './challenges.ts'
import { benchMerkle } from './merkle.ts'
import { benchPipeline } from './pipeline.ts'
import { benchReedSolomon } from './reed-solomon.ts'

/** The figures that need one process only; run once in Node and once inside Electron. */
await benchReedSolomon()
await benchMerkle()
await benchPipeline()
await benchChallenges()
process.exit(0)
