/**
 * Every parameter of a deployment, as DESIGN 4 lists them: seconds where the name says so. Nothing else differs between
 * a real and a practice network.
 */
export type Parameters = {
  readonly blockSeconds: number
  readonly seedSeconds: number
  readonly seedGapSeconds: number
  readonly provingPeriodSeconds: number
  readonly faultWindowSeconds: number
  readonly deleteDelaySeconds: number
  readonly thawSeconds: number
  readonly unbondingSeconds: number
  readonly epochSeconds: number
  readonly payoutChangeSeconds: number
  readonly successorSeconds: number
  /** Render work is drawn in turns of this length, each with the seed of the slot that begins it. */
  readonly renderTurnSeconds: number
  readonly renderRevealSeconds: number
  readonly renderSilenceSeconds: number
  readonly energySlotSeconds: number
  readonly energyGateSeconds: number
  readonly energyOrderRevealSeconds: number
  readonly energyReceiptSeconds: number
  readonly energySlotsPerDay: number
  readonly newOperatorSeconds: number
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const real: Parameters = {
  blockSeconds: 2,
  seedSeconds: hour,
  seedGapSeconds: hour,
  provingPeriodSeconds: day,
  faultWindowSeconds: 30 * day,
  deleteDelaySeconds: 7 * day,
  thawSeconds: 7 * day,
  unbondingSeconds: 14 * day,
  epochSeconds: day,
  payoutChangeSeconds: 72 * hour,
  successorSeconds: 30 * day,
  renderTurnSeconds: hour,
  renderRevealSeconds: 10 * minute,
  renderSilenceSeconds: day,
  energySlotSeconds: 15 * minute,
  energyGateSeconds: 5 * minute,
  energyOrderRevealSeconds: 30,
  energyReceiptSeconds: 20,
  energySlotsPerDay: 96,
  newOperatorSeconds: 30 * day,
}

const practice: Parameters = {
  blockSeconds: 1,
  seedSeconds: 10,
  seedGapSeconds: 20,
  provingPeriodSeconds: 30,
  faultWindowSeconds: 15 * minute,
  deleteDelaySeconds: minute,
  thawSeconds: minute,
  unbondingSeconds: 3 * minute,
  epochSeconds: minute,
  payoutChangeSeconds: minute,
  successorSeconds: 2 * minute,
  renderTurnSeconds: 30,
  renderRevealSeconds: 20,
  renderSilenceSeconds: minute,
  energySlotSeconds: 15,
  energyGateSeconds: 5,
  energyOrderRevealSeconds: 3,
  energyReceiptSeconds: 2,
  energySlotsPerDay: 8,
  newOperatorSeconds: 0,
}

export const parameters = { real, practice } as const

/** Blocks between the opening of a seed and the block whose hash it becomes; constant in Seeds.sol. */
export const seedDelayBlocks = 8
/** Blocks within which a seed must be captured; constant in Seeds.sol. */
export const seedCaptureBlocks = 200
/** Share of each payment for work that is burned: one part in this many; constant in Payments.sol. */
export const burnDivisor = 20n
/** Missed periods of one data set within the fault window that cost only their pay; constant in StorageMarket.sol. */
export const freeFaults = 2
/** A slash takes one part in this many of the provision; constant in Provisions.sol. */
export const slashDivisor = 100n
/** Slashes of one provision within the window; constant in SlashWindow.sol. */
export const slashesPerWindow = 10
/** Periods of escrow that an acceptance needs; constant in StorageMarket.sol. */
export const minimumEscrowPeriods = 30
/** Tokens that the constructor mints, in wei: one hundred million, half of the cap. */
export const genesisSupplyWei = 100_000_000n * 10n ** 18n
