/** What a provider asks. Wei of the network's token. */
export type Prices = {
  readonly pricePerGiBPeriodWei: bigint
  readonly retrievalPricePerMiBWei: bigint
  /** What the provider promises to serve at. */
  readonly minimumBytesPerSecond: number
}

/**
 * 0.01 token for a MiB and period, 0.001 token for a MiB of retrieval. Chosen so that on a practice network, with its
 * periods of 30 s, a few MiB already earn sums that a person can see, and a file of 1 GiB at 4 of 12 costs a customer
 * about 920 tokens for 30 periods. A real network's operators will want to set their own; the setting comes with them.
 */
export const defaultPrices: Prices = {
  pricePerGiBPeriodWei: 10_240_000_000_000_000_000n,
  retrievalPricePerMiBWei: 1_000_000_000_000_000n,
  minimumBytesPerSecond: 64 * 1024,
}

/** Measured gas of a possession proof of 16 MiB pieces, rounded up; contracts/gas-snapshot.json has the exact figure. */
export const proofGas = 260_000n

/** A proof must earn at least four times what it costs (PROTOCOL 5.3). */
const proofGasMultiple = 4n

/** Set size, in MiB, that must carry its proofs: one segment's piece at 4 of 12. */
const referenceSetMiB = 16n

/** The floor of the price for a GiB: four times a proof's gas for a set of one full piece, rounded up against the customer. */
export function priceFloorRoundedUp(gasPriceWei: bigint, nativeWeiPerToken: bigint): bigint {
  if (nativeWeiPerToken <= 0n) return 0n
  const gasInTokenWei = (proofGas * gasPriceWei * 10n ** 18n + nativeWeiPerToken - 1n) / nativeWeiPerToken
  return (gasInTokenWei * proofGasMultiple * 1024n + referenceSetMiB - 1n) / referenceSetMiB
}

/** Published prices stay while they cover the floor and are not more than this many times what would be asked anew. */
const keepWithin = 4n

/**
 * What to ask: the published prices as long as they do, so that a moving gas price does not change the terms at every
 * start; else the defaults, raised to the floor.
 */
export function choosePrices(published: Prices | null, floorWei: bigint, wanted: Prices = defaultPrices): Prices {
  const asked = floorWei > wanted.pricePerGiBPeriodWei ? floorWei : wanted.pricePerGiBPeriodWei
  const same =
    published !== null &&
    published.retrievalPricePerMiBWei === wanted.retrievalPricePerMiBWei &&
    published.minimumBytesPerSecond === wanted.minimumBytesPerSecond
  if (same && published.pricePerGiBPeriodWei >= asked && published.pricePerGiBPeriodWei <= asked * keepWithin) {
    const { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond } = published
    return { pricePerGiBPeriodWei, retrievalPricePerMiBWei, minimumBytesPerSecond }
  }
  return { ...wanted, pricePerGiBPeriodWei: asked }
}
