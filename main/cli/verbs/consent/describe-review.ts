import { formatEther } from 'ethers'
import type { ConsentReview, TransactionReview } from '../../../api/wallet.ts'

type Warning = ConsentReview['warnings'][number]

/**
 * A review as lines: the text, how both kinds of screens page it (only where a person must compare), and what to know before
 * signing. Pure.
 */
export function describeReview(review: ConsentReview, device: { readonly asksPerson: boolean }): string[] {
  const text = ['The operator signs:', ...review.text.split('\n')]
  const warnings = review.warnings.map((warning) => `Warning: ${warningInWords(warning)}`)
  if (review.transaction !== null) return [...describeTransaction(review, review.transaction, device), ...warnings]
  if (!device.asksPerson) return [...text, ...warnings]
  return [
    ...text,
    'Compare with your device. A touch screen shows these pages:',
    ...pageLines(review.touchPages),
    'A screen with two buttons:',
    ...pageLines(review.twoButtonPages),
    ...warnings,
    'Read it on the device, then confirm or refuse there.',
  ]
}

/** What the fallback means, before the device is asked: what cannot be read, what can be compared, and who pays how much. */
function describeTransaction(
  review: ConsentReview,
  { from, to, chainId, hash, mostWei, balanceWei }: TransactionReview,
  { asksPerson }: { readonly asksPerson: boolean },
): string[] {
  const coin = (wei: string) => `${formatEther(wei)} of the chain's own coin`
  return [
    'The operator sends a transaction of its own account in place of signing this text:',
    ...review.text.split('\n'),
    `Your account ${from} pays for it: about ${coin(review.gasWei)}, at most ${formatEther(mostWei)}. It holds ${formatEther(balanceWei)}.`,
    ...(asksPerson ? blindLines : []),
    `  To                ${to}`,
    '  Amount            0',
    `  Network           chain ${chainId}`,
    `  Transaction hash  ${hash}`,
    ...(asksPerson ? ['Without --transaction the device shows the whole text. To go back, refuse there.'] : []),
  ]
}

const blindLines = [
  'This needs blind signing, which you switch on in the settings of the Ethereum app on your device.',
  'It means: the device shows "Blind signing ahead" and cannot show the text above. It shows only:',
]

function pageLines(pages: readonly (readonly string[])[]): string[] {
  return pages.flatMap((lines, page) => lines.map((line) => `  ${page + 1}/${pages.length}  ${line}`))
}

/** A warning of a review for a person; the window has its own words for the same codes. */
export function warningInWords({ code, values }: Warning): string {
  const value = (name: string) => String(values[name] ?? '?')
  switch (code) {
    case 'payoutDiffers':
      return `claims go to ${value('payout')}, but your device confirmed ${value('confirmed')} on this computer. Refuse unless you know why.`
    case 'payoutChangeStrange':
      return `a change of payout to ${value('to')} is waiting that this computer's device never confirmed. Cancel it with \`hearth payout --cancel\`.`
    case 'clockOff':
      return `the clock of this computer and that of the chain differ by ${value('minutes')} minutes.`
    case 'gasDear':
      return `the fee is ${value('percent')} % of the amount. Waiting until there is more costs less.`
    case 'notHardware':
      return 'not a hardware wallet: what signs here is for practice.'
    default:
      return code
  }
}
