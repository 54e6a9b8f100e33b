import type { PracticeButton, PracticeScreen } from '../../api/wallet.ts'

/** What a key on the keyboard does to a practice Ledger in a terminal. */
export type ScreenKey =
  { readonly kind: 'press'; readonly button: PracticeButton } | { readonly kind: 'blindSigning' | 'lock' | 'stop' }

/** The screen as lines for a terminal, below it how to connect to it and the keys that do something now. Pure. */
export function drawPracticeScreen(screen: PracticeScreen, connection: string): string[] {
  const width = screen.model === 'touch' ? 21 : 26
  const edge = `+${'-'.repeat(width + 2)}+`
  const height = screen.model === 'touch' ? 6 : 3
  const lines = Array.from({ length: height }, (_, index) => `| ${(screen.lines[index] ?? '').padEnd(width)} |`)
  const page = screen.pages > 1 ? `page ${screen.page} of ${screen.pages}` : ''
  return [
    'Practice Ledger: not a hardware wallet, its tokens are worth nothing.',
    edge,
    ...lines,
    edge,
    page,
    connection,
    ...screen.buttons.map((button) => `  ${hints[button]}`),
    `  b: blind signing (${screen.blindSigning ? 'on' : 'off'})   l: ${screen.locked ? 'unlock' : 'lock'}   q: stop`,
  ]
}

const hints: Readonly<Record<PracticeButton, string>> = {
  left: 'Left: page back',
  right: 'Right: page on',
  both: 'Enter: press both buttons',
  back: 'Left: page back',
  next: 'Right: more',
  reject: 'r: reject',
  confirm: 'Enter: hold to sign',
}

/** What a key does on this screen; null when it does nothing. Pure. */
export function keyMeaning(key: string, screen: PracticeScreen): ScreenKey | null {
  switch (key) {
    case 'q':
    case '\u0003':
      return { kind: 'stop' }
    case 'b':
      return { kind: 'blindSigning' }
    case 'l':
      return { kind: 'lock' }
    default: {
      const button = (buttonsOfKey[key] ?? []).find((one) => screen.buttons.includes(one))
      return button === undefined ? null : { kind: 'press', button }
    }
  }
}

/** A key serves both kinds of screen; at most one of its buttons is there. */
const buttonsOfKey: Readonly<Record<string, readonly PracticeButton[]>> = {
  '\u001b[D': ['left', 'back'],
  '\u001b[C': ['right', 'next'],
  '\r': ['both', 'confirm'],
  '\n': ['both', 'confirm'],
  r: ['reject'],
}
