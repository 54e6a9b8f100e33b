import type { EarningsOverview, LedgerPage, LedgerRow, RewardCheck, Snapshot } from './types.ts'

/** Believable books for tests and for looking at the earnings page; never part of the app. */

const node = '0x3f5CE5FBFe3E9af3971dD833D26bA9b5C936f0bE'
const otherNode = '0x1dF62f291b2E969fB0849d99D9Ce41e2F137006e'
const customer = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const milli = 10n ** 15n

export function fakeHash(seed: number): string {
  return `0x${(BigInt(seed + 1) * 0x9e3779b97f4a7c15f39cc0605cedc8341082276bf3a27251n).toString(16).padStart(64, 'c').slice(0, 64)}`
}

/** Figures that agree with a snapshot's summary. */
export function fakeOverview(snapshot: Snapshot): EarningsOverview {
  const { earnings } = snapshot
  const claimableWei = earnings?.claimableWei ?? '0'
  const empty = (earnings?.earnedWei ?? '0') === '0'
  return {
    today: span(empty ? 0 : 1284),
    sevenDays: span(empty ? 0 : 8912),
    thirtyDays: span(empty ? 0 : 30_114),
    lifetime: {
      earnedWei: earnings?.earnedWei ?? '0',
      byRole: earnings?.byRole ?? {},
      byNode: empty ? {} : { [node]: earnings?.earnedWei ?? '0' },
    },
    dayMs: 60_000,
    estimate: empty
      ? { kind: 'tooEarly', daysSeen: 1, daysNeeded: 7 }
      : {
          kind: 'range',
          lowWei: String(7800n * milli),
          highWei: String(10_400n * milli),
          basisDays: 28,
          pastHits: { held: 3, of: 4 },
        },
    week: empty
      ? null
      : {
          thisWei: String(8912n * milli),
          lastWei: String(11_460n * milli),
          reasons: [
            { code: 'timeOff', values: { percent: 15, wei: String(1610n * milli) } },
            { code: 'fewerCustomers', values: { gone: 1, came: 0, wei: String(938n * milli) } },
          ],
        },
    advice: {
      claimableMicro: (BigInt(claimableWei) / 10n ** 12n).toString(),
      gasWei: '68000000000000',
      gasInTokenWei: '68000000000000000',
      verdict: empty ? 'nothing' : 'worthIt',
      breakEvenAtMs: null,
      ownMinimumMicro: '5000000',
    },
    reconciles: earnings?.reconciles ?? true,
  }
}

function span(milliTokens: number): EarningsOverview['today'] {
  const total = BigInt(milliTokens) * milli
  if (total === 0n) return { earnedWei: '0', byRole: {}, byNode: {} }
  const other = total / 5n
  return {
    earnedWei: String(total),
    byRole: { storage: String(total) },
    byNode: { [node]: String(total - other), [otherNode]: String(other) },
  }
}

const works = ['storageProof', 'voucher', 'storageProof', 'repair'] as const

/** `count` payments, newest first, with a claim and a move into stake among them. */
export function fakeLedger(
  count: number,
  page: { readonly offset: number; readonly limit: number },
  nowMs: number,
  reconciles: boolean,
): LedgerPage {
  const all = Array.from({ length: count }, (_, index) => fakeRow(index, nowMs))
  const sum = (kinds: readonly LedgerRow['kind'][]): string =>
    all
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((total, { amountWei }) => total + BigInt(amountWei), 0n)
      .toString()
      .replace('-', '')
  const earnedWei = sum(['work', 'reward'])
  const burnedWei = all.reduce((total, row) => total + BigInt(row.burnedWei), 0n).toString()
  const contractEarnedWei = BigInt(earnedWei) + (reconciles ? 0n : 7n)
  const contractClaimableWei = contractEarnedWei - BigInt(sum(['claim'])) - BigInt(sum(['stake']))
  return {
    total: count,
    rows: all.slice(page.offset, page.offset + page.limit),
    sums: {
      earnedWei,
      rewardsWei: sum(['reward']),
      claimedWei: sum(['claim']),
      movedToStakeWei: sum(['stake']),
      burnedWei,
      contractEarnedWei: contractEarnedWei.toString(),
      contractClaimedWei: sum(['claim']),
      contractRewardsWei: sum(['reward']),
      contractMovedToStakeWei: sum(['stake']),
      contractBurnedWei: reconciles ? burnedWei : (BigInt(burnedWei) + 1n).toString(),
      contractClaimableWei: contractClaimableWei.toString(),
      reconciles,
    },
  }
}

function fakeRow(index: number, nowMs: number): LedgerRow {
  const base = {
    id: `row-${index}`,
    atMs: nowMs - index * 3_100_000 - 40_000,
    role: 'storage' as const,
    node,
    customer: null,
    work: null,
    epoch: null,
    burnedWei: '0',
    blockNumber: 20_400 - index * 12,
    transactionHash: fakeHash(index),
  }
  const wei = BigInt(210 + (index % 9) * 31) * milli + BigInt(index) * 977n
  if (index === 6) return { ...base, kind: 'claim', role: null, node: null, amountWei: String(-4n * 10n ** 18n) }
  if (index === 11) return { ...base, kind: 'stake', amountWei: String(-(10n ** 18n)) }
  if (index % 7 === 3)
    return { ...base, kind: 'reward', epoch: 418 - Math.floor(index / 7), amountWei: String(wei / 9n) }
  return {
    ...base,
    kind: 'work',
    customer,
    work: works[index % works.length] ?? 'storageProof',
    amountWei: String(wei),
    burnedWei: String(wei / 19n),
  }
}

/** An epoch that agrees; number 13 does not, so that both outcomes can be looked at. */
export function fakeRewardCheck(epoch: number): RewardCheck {
  const contractWei = '23148190000000000'
  return {
    epoch,
    operators: 17,
    contractWei,
    recomputedWei: epoch === 13 ? '23148190000000001' : contractWei,
    equal: epoch !== 13,
  }
}
