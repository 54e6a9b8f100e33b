import { measureProofGas } from '../../../contracts/script/measure-proof-gas.ts'
import { report } from './report.ts'

/** A possession proof's gas from a receipt on the latest fork, beside the least that it could cost. */
const { gasUsed, floor, parts } = await measureProofGas()
report({
  figure: 'gas of a possession proof, five challenges, 64 pieces of 16 MiB',
  value: gasUsed,
  unit: 'gas',
  target: { atMost: Math.floor(floor * 1.25) },
  details: { floor, overFloorPercent: Number(((gasUsed / floor - 1) * 100).toFixed(1)), ...parts },
})
process.exit(0)
