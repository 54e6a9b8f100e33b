import type { Payment } from '../../../contracts/rewards/index.ts'
import { createRandom } from '../durability/random.ts'

/** Payments of a made-up network: the same for the same seed. */
export type PaymentStream = {
  readonly operators: number
  /** Payments in the epoch that is recomputed; each operator has at least one. */
  readonly payments: number
  readonly epoch: number
  readonly seed: number
}

/** Payments that are made at once, so that making them can be told from using them. */
const chunkSize = 50_000
const roleCount = 5

/**
 * Makes the payments of an epoch, after one earlier payment to each operator, which leaves dust of his running sum behind.
 * Operators work in one to three roles; the busy ones get many payments (a third of all go to a tenth of them). Fees spread evenly over
 * their number of bits, from a wei to about a token.
 */
export function* makePayments({ operators, payments, epoch, seed }: PaymentStream): Generator<Payment[]> {
  const random = createRandom(seed)
  const names = Array.from({ length: operators }, () => address(random))
  for (let made = 0; made < operators + payments;) {
    const chunk: Payment[] = []
    for (; chunk.length < chunkSize && made < operators + payments; made++) {
      // The first two rounds pay everybody once: before the epoch, and in it.
      const index = made < 2 * operators ? made % operators : drawn(operators, random)
      const role = (index + Math.floor(random() * (1 + (index % 3)))) % roleCount
      chunk.push({
        operator: names[index]!,
        role,
        epoch: made < operators ? epoch - 1 : epoch,
        burnedWei: fee(random),
      })
    }
    yield chunk
  }
}

/** Low numbers are drawn more often. */
function drawn(operators: number, random: () => number): number {
  const draw = random()
  return Math.floor(operators * draw * draw)
}

function address(random: () => number): string {
  let text = '0x'
  for (let word = 0; word < 5; word++) text += word32(random).toString(16).padStart(8, '0')
  return text
}

function fee(random: () => number): bigint {
  const bits = 1 + Math.floor(random() * 60)
  const value = (BigInt(word32(random)) << 32n) | BigInt(word32(random))
  return BigInt.asUintN(bits, value) + 1n
}

function word32(random: () => number): number {
  return Math.floor(random() * 2 ** 32)
}
