/** Price of a thousand million pixel samples, in wei of the token. A suggestion that this version makes: about an hour of a small graphics card. */
const weiPerGigasample = 10n ** 18n
/** Commit, reveal and release of one unit cost a node about this much gas when it does one at a time. */
const gasPerUnit = 450_000n
/** A unit's price is at least this many times its gas (as storage has it). */
const gasFactor = 4n

/** What a unit is worth to one node: by its samples, and never less than what makes its gas small. Rounded up to whole gwei. */
export function priceOfUnit(o: { unitKilosamples: number; gasPriceWei: bigint; nativeWeiPerToken: bigint }): bigint {
  const bySamples = (weiPerGigasample * BigInt(o.unitKilosamples)) / 1_000_000n
  const gasWei = gasPerUnit * o.gasPriceWei * gasFactor
  const byGas = o.nativeWeiPerToken === 0n ? 0n : (gasWei * 10n ** 18n) / o.nativeWeiPerToken
  const price = bySamples > byGas ? bySamples : byGas
  const gwei = 10n ** 9n
  return (price / gwei + 1n) * gwei
}
