import type {
  ConsentForm,
  ConsentRequest,
  ConsentReview,
  DeviceState,
  GasView,
  PracticeScreen,
  TransactionReview,
  WalletView,
} from './types.ts'

/** Believable wallets and reviews for tests and for looking at the screens; never part of the app. */

export const fakeOperator = '0x8ba1f109551bD432803012645Ac136ddd64DBA72'
export const fakeStranger = '0x66f820a414680B5bcda5eECA5dea238543F42054'
const contract = '0x5fbdb2315678afecb367f032d93f642f64180aa3'

/** One of every state that a device can be in. */
export const fakeDeviceStates: readonly DeviceState[] = [
  { kind: 'unknown' },
  { kind: 'ready', appVersion: '1.22.0' },
  { kind: 'waitingForPerson' },
  { kind: 'notConnected' },
  { kind: 'notReached', at: '127.0.0.1:9999' },
  {
    kind: 'noPermission',
    udevRule: 'SUBSYSTEM=="hidraw", ATTRS{idVendor}=="2c97", MODE="0660", TAG+="uaccess"\n',
    rulePath: '/etc/udev/rules.d/70-hearth-ledger.rules',
  },
  { kind: 'noUsbSupport', detail: 'libusb-1.0.so.0: cannot open shared object file' },
  { kind: 'locked' },
  { kind: 'wrongApp', app: 'Bitcoin' },
  { kind: 'appOutdated', appVersion: '1.4.2', neededVersion: '1.10.0' },
  { kind: 'refused' },
  { kind: 'blindSigningNeeded' },
  { kind: 'disconnected' },
  { kind: 'reviewLeft' },
  { kind: 'busy' },
  { kind: 'silent' },
  { kind: 'otherAccount', expected: fakeOperator, found: fakeStranger },
  { kind: 'unreadable', detail: 'answer of 3 bytes where 67 were expected' },
]

/** A practice home as it is at first: the practice key, paid to itself. */
export function fakeWallet(): WalletView {
  return {
    choice: { kind: 'practiceKey' },
    state: { kind: 'unknown' },
    account: fakeOperator,
    hardware: false,
    consent: null,
    payout: { address: fakeOperator, confirmedAddress: fakeOperator, pending: null, differs: false },
    practiceScreen: null,
    balanceWei: '4000000000000000000',
  }
}

export function fakeGas(): GasView {
  return {
    address: '0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc',
    balanceWei: '91200000000000000',
    low: false,
    proofsLeft: 1180,
    spentLastDayWei: '1430000000000000',
    dailyLimitWei: '20000000000000000',
  }
}

/** The practice Ledger with nothing to ask. */
export function fakeIdleScreen(model: PracticeScreen['model']): PracticeScreen {
  const lines = ['Practice Ledger', 'Ethereum app', 'is ready']
  return { model, lines, page: 1, pages: 1, buttons: [], blindSigning: false, locked: false }
}

/** A page of a review on the practice Ledger, with the buttons that it has there; the last page decides. */
export function fakeReviewScreen(
  before: PracticeScreen,
  pages: readonly (readonly string[])[],
  page: number,
): PracticeScreen {
  const last = page === pages.length - 1
  const touch: PracticeScreen['buttons'] = [
    ...(page > 0 ? (['back'] as const) : []),
    'reject',
    ...(last ? (['confirm'] as const) : (['next'] as const)),
  ]
  const twoButton: PracticeScreen['buttons'] = [
    ...(page > 0 ? (['left'] as const) : []),
    ...(last ? (['both'] as const) : (['right'] as const)),
  ]
  const lines = [...(pages[page] ?? [])]
  return {
    ...before,
    lines,
    page: page + 1,
    pages: pages.length,
    buttons: before.model === 'touch' ? touch : twoButton,
  }
}

/** A review as main would compose it. */
export function fakeReview(
  id: string,
  request: ConsentRequest,
  nowMs: number,
  form: ConsentForm = 'sentence',
): ConsentReview {
  const text = fakeSentence(request)
  return {
    id,
    request,
    text,
    touchPages: paged(text.split('\n'), { width: 19, lines: 6 }),
    twoButtonPages: paged([text.replaceAll('\n', ' ')], { width: 18, lines: 3 }),
    gasWei: '88000000000000',
    transaction: form === 'transaction' ? fakeTransaction : null,
    deadlineMs: nowMs + 86_400_000,
    warnings: [{ code: 'notHardware', values: {} }],
  }
}

const fakeTransaction: TransactionReview = {
  unsigned: `0x02${'ab'.repeat(160)}`,
  to: contract,
  chainId: 31337,
  hash: `0x${'5e1f0c7a'.repeat(8)}`,
  from: fakeOperator,
  mostWei: '310000000000000',
  balanceWei: '20000000000000000',
}

/** What the device shows of a review, page by page. */
export function fakePagesOf(review: ConsentReview, model: PracticeScreen['model']): readonly (readonly string[])[] {
  if (review.transaction === null) return model === 'touch' ? review.touchPages : review.twoButtonPages
  return [['Blind signing ahead'], ['Transaction hash', review.transaction.hash.slice(0, 18)]]
}

/** Cuts lines to a screen's width, breaking anywhere, and puts a screenful on each page. */
function paged(lines: readonly string[], screen: { readonly width: number; readonly lines: number }): string[][] {
  const cut = lines.flatMap((line) => line.match(new RegExp(`.{1,${screen.width}}`, 'g')) ?? [])
  return Array.from({ length: Math.ceil(cut.length / screen.lines) }, (_, page) =>
    cut.slice(page * screen.lines, (page + 1) * screen.lines),
  )
}

function fakeSentence(request: ConsentRequest): string {
  const head = ['PRACTICE, no value', `Hearth: ${verbOf(request)}`]
  const tail = ['Chain 31337, number 7', 'Until 2026-03-05 12:00 UTC', `Contract ${contract}`]
  return [...head, ...factsOf(request), ...tail].join('\n')
}

function verbOf(request: ConsentRequest): string {
  return request.kind === 'revoke'
    ? 'revoke for ever'
    : request.kind === 'cancelPayout'
      ? 'cancel payout'
      : request.kind
}

function factsOf(request: ConsentRequest): string[] {
  const amount = (micro: string): string =>
    `${BigInt(micro) / 1_000_000n}.${String(BigInt(micro) % 1_000_000n).padStart(6, '0')} PLAY`
  switch (request.kind) {
    case 'authorize':
      return [
        'May risk 100.000000 PLAY',
        'May spend 1.000000 PLAY a day',
        'as storage, render',
        'Keys 2, code 9f86d081884c7d659a2feaa0c55ad015',
      ]
    case 'revoke':
      return ['key 0x3f5ce5fbfe3e9af3971dd833d26ba9b5c936f0be']
    case 'payout':
      return [`to ${request.to.toLowerCase()}`]
    case 'cancelPayout':
      return ['stay paid to', fakeOperator.toLowerCase()]
    case 'claim':
      return [amount(request.micro), `to ${fakeOperator.toLowerCase()}`]
    case 'transfer':
      return [amount(request.micro), `to ${request.to.toLowerCase()}`]
    case 'stake':
    case 'unstake':
      return [amount(request.micro), 'in storage']
  }
}
