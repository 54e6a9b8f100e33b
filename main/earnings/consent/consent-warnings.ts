import type { Payout } from '../../../contracts/client/index.ts'
import { sameAddress } from '../../../roles/api/values.ts'
import type { ConsentRequest, ConsentReview } from '../../api/wallet.ts'
import type { ConfirmedPayout } from '../../store/index.ts'

/** A computer clock off by more than this makes a person misread deadlines (PROTOCOL 1.6). */
const clockToleranceSeconds = 600
/** Gas above this part of the amount is worth a warning. */
const dearDivisor = 4n
const weiPerMicro = 10n ** 12n

export type WarningFacts = {
  readonly request: ConsentRequest
  readonly operator: string
  readonly nowSeconds: number
  readonly blockSeconds: number
  readonly gasWei: bigint
  /** Coins of the chain for one token; zero when the network file knows no rate. */
  readonly nativeWeiPerToken: bigint
  readonly payout: Payout
  readonly confirmed: ConfirmedPayout
  readonly hardware: boolean
}

type Warning = ConsentReview['warnings'][number]

/** What a person should know before signing, the gravest first; codes for the locale. Pure. */
export function consentWarnings(facts: WarningFacts): Warning[] {
  return [
    payoutWarning(facts),
    pendingWarning(facts),
    clockWarning(facts),
    gasWarning(facts),
    deviceWarning(facts),
  ].filter((warning) => warning !== null)
}

/**
 * True when claims go to an address that no device confirmed on this computer. The operator's own address needs no
 * confirmation: the device that named it holds its key.
 */
export function isPayoutStrange(address: string, operator: string, { current, next }: ConfirmedPayout): boolean {
  return ![current ?? operator, next].some((known) => known !== null && sameAddress(known, address))
}

function payoutWarning({ request, payout, operator, confirmed }: WarningFacts): Warning | null {
  if (request.kind !== 'claim' || !isPayoutStrange(payout.to, operator, confirmed)) return null
  return { code: 'payoutDiffers', values: { payout: payout.to, confirmed: confirmed.current ?? operator } }
}

function pendingWarning({ request, payout, operator, confirmed }: WarningFacts): Warning | null {
  if (request.kind !== 'claim' || payout.change === null) return null
  if (!isPayoutStrange(payout.change.address, operator, confirmed)) return null
  return { code: 'payoutChangeStrange', values: { to: payout.change.address } }
}

function clockWarning({ nowSeconds, blockSeconds }: WarningFacts): Warning | null {
  const offSeconds = Math.abs(nowSeconds - blockSeconds)
  if (offSeconds <= clockToleranceSeconds) return null
  return { code: 'clockOff', values: { minutes: Math.round(offSeconds / 60) } }
}

function gasWarning({ request, gasWei, nativeWeiPerToken }: WarningFacts): Warning | null {
  if (!('micro' in request) || nativeWeiPerToken === 0n) return null
  const amountWei = BigInt(request.micro) * weiPerMicro
  const gasInTokenWei = (gasWei * 10n ** 18n) / nativeWeiPerToken
  if (gasInTokenWei * dearDivisor <= amountWei) return null
  return { code: 'gasDear', values: { percent: Number((gasInTokenWei * 100n) / amountWei) } }
}

function deviceWarning({ hardware }: WarningFacts): Warning | null {
  return hardware ? null : { code: 'notHardware', values: {} }
}
