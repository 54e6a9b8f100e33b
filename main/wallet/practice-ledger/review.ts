import { Transaction, formatEther, getAddress, hexlify } from 'ethers'
import { pagesOf, screens } from '../../api/device-pages.ts'
import type { PracticeScreen } from '../../api/wallet.ts'
import type { DeviceRequest } from './interpret.ts'

export type Model = PracticeScreen['model']

/** One page on the screen. Only on `decide`, `approve` and `reject` something is decided. */
export type Page = {
  readonly kind: 'text' | 'decide' | 'approve' | 'reject'
  readonly lines: readonly string[]
}

/** A request that a person is asked about; `account` is the one that would sign. */
export type ReviewedRequest = Extract<DeviceRequest, { kind: 'address' | 'message' | 'transaction' | 'typedData' }>

/** Contract data and typed data are shown as hashes only: what they do cannot be seen (the vendor calls it blind signing). */
export function needsBlindSigning(request: ReviewedRequest): boolean {
  if (request.kind === 'typedData') return true
  return request.kind === 'transaction' && (parseTransaction(request.bytes)?.data ?? '0x') !== '0x'
}

/** A transaction without its signature; null when the bytes are none. */
export function parseTransaction(bytes: Uint8Array): Transaction | null {
  try {
    const transaction = Transaction.from(hexlify(bytes))
    return transaction.signature === null ? transaction : null
  } catch {
    return null
  }
}

/** The pages of a question, last of all the decision. Pure. */
export function pagesOfRequest(request: ReviewedRequest, account: string, model: Model): Page[] {
  const texts = textsOf(request, account).flatMap((text) => pagesOf(text, screens[model]))
  const pages = texts.map((lines): Page => ({ kind: 'text', lines }))
  const verb = verbOf(request)
  if (model === 'touch') return [...pages, { kind: 'decide', lines: [`${verb}?`] }]
  return [...pages, { kind: 'approve', lines: [verb] }, { kind: 'reject', lines: ['Reject'] }]
}

/** What is left on the screen after a request was refused because it cannot be shown in words. */
export function refusalLines(model: Model): readonly string[] {
  const text = 'This cannot be clear-signed. Blind signing is off in the settings.'
  return pagesOf(text, { ...screens[model], columns: model === 'touch' ? 19 : 24 })[0] ?? []
}

function verbOf(request: ReviewedRequest): string {
  switch (request.kind) {
    case 'address':
      return 'Confirm address'
    case 'message':
    case 'typedData':
      return 'Sign message'
    case 'transaction':
      return needsBlindSigning(request) ? 'Accept risk, sign' : 'Sign transaction'
  }
}

/** Texts in their order; each begins on a new page. */
function textsOf(request: ReviewedRequest, account: string): readonly string[] {
  switch (request.kind) {
    case 'address':
      return [`Ethereum address\n${account}`]
    case 'message':
      return [messageText(request.bytes)]
    case 'typedData':
      return [
        ...blindWarning,
        `Domain hash\n${hexlify(request.domainHash)}`,
        `Message hash\n${hexlify(request.messageHash)}`,
      ]
    case 'transaction':
      return transactionTexts(request.bytes, needsBlindSigning(request))
  }
}

const blindWarning = ['Blind signing ahead\nWhat this does cannot be shown.'] as const

/** Printable ASCII is shown as it is, all else as hex. */
function messageText(bytes: Uint8Array): string {
  const printable = bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte <= 0x7e))
  return printable ? new TextDecoder().decode(bytes) : hexlify(bytes)
}

function transactionTexts(bytes: Uint8Array, blind: boolean): readonly string[] {
  const transaction = parseTransaction(bytes)
  if (transaction === null) return []
  // A chain that the app does not know has no symbol.
  const symbol = transaction.chainId === 1n ? 'ETH' : '???'
  const recipient = transaction.to === null ? 'New contract' : getAddress(transaction.to)
  return [
    ...(blind ? blindWarning : []),
    `Amount\n${symbol} ${formatEther(transaction.value)}`,
    `To\n${recipient}`,
    `Network\nChain ${transaction.chainId}`,
    ...(blind ? [`Transaction hash\n${transaction.unsignedHash}`] : []),
  ]
}
