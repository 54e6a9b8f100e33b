import { keccak_256 } from '@noble/hashes/sha3.js'
import { renderJobSchema, type RenderJob } from './render-job.ts'

/**
 * The one text of a value: object keys sorted by code unit, no white space, numbers as JSON has them. Two sides that hold the
 * same job get the same bytes (the part of RFC 8785 that plain data needs). Throws RangeError for what JSON cannot say.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object') throw new RangeError(`A ${typeof value} has no canonical text.`)
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
}

/** The job's hash as it is on chain: keccak256 of its canonical text. */
export function hashSpec(job: RenderJob): Uint8Array {
  // Parsed first, so that fields which no schema knows cannot give one job two hashes.
  return keccak_256(new TextEncoder().encode(canonicalJson(renderJobSchema.parse(job))))
}
