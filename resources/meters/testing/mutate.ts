/** Most changes of one input; more leave nothing that resembles one. */
const mostChanges = 4
const longestRun = 64
/** Bytes that mean something to a parser, put in more often than others. */
const telling = Buffer.from('/!()*.-:,;[]{}"\r\n\0\x02\x03 0159AFSWkWhe+-', 'latin1')

type Random = () => number
type Change = (input: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

/** One to four random changes of an input: bits, bytes, runs taken out, doubled, moved or put in from another input, a cut end. */
export function mutate(input: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let changed = input
  const count = 1 + Math.floor(random() * mostChanges)
  for (let index = 0; index < count; index++) {
    const other = others[Math.floor(random() * others.length)]!
    changed = changes[Math.floor(random() * changes.length)]!(changed, random, other)
  }
  return changed
}

const below = (random: Random, limit: number) => Math.floor(random() * limit)

function setByte(input: Uint8Array, random: Random, byte: (old: number) => number): Uint8Array {
  const copy = Buffer.from(input)
  const at = below(random, copy.length)
  if (copy.length > 0) copy[at] = byte(copy[at]!)
  return copy
}

function someRun(input: Uint8Array, random: Random): [number, number] {
  const start = below(random, input.length)
  return [start, Math.min(input.length, start + 1 + below(random, longestRun))]
}

const changes: readonly Change[] = [
  (input, random) => setByte(input, random, (old) => old ^ (1 << below(random, 8))),
  (input, random) => setByte(input, random, () => below(random, 256)),
  (input, random) => setByte(input, random, () => telling[below(random, telling.length)]!),
  (input, random) => setByte(input, random, (old) => (old >= 0x30 && old <= 0x39 ? 0x30 + below(random, 10) : old ^ 1)),
  (input, random) => {
    const [start, end] = someRun(input, random)
    return Buffer.concat([input.subarray(0, start), input.subarray(end)])
  },
  (input, random) => {
    const [start, end] = someRun(input, random)
    return Buffer.concat([input.subarray(0, end), input.subarray(start)])
  },
  (input, random, other) => {
    const at = below(random, input.length)
    const [start, end] = someRun(other, random)
    return Buffer.concat([input.subarray(0, at), other.subarray(start, end), input.subarray(at)])
  },
  (input, random) => input.subarray(0, below(random, input.length + 1)),
  (input, random) => input.subarray(below(random, input.length + 1)),
]
