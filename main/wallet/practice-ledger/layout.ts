import type { PracticeButton, PracticeScreen } from '../../api/wallet.ts'

/** A piece of text where it stands on the screen, as the emulator's events tell it. */
export type ScreenEvent = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly clear: boolean
}

const lineHeight = 40
/** The touch screen of a Flex: 480 by 600; what can be touched stands below the text. */
const touchColumns = { back: 0, reject: 120, next: 300, confirm: 300 } as const
const touchTop = 520
const touchSize = { w: 120, h: 60 }

const labels: Readonly<Record<keyof typeof touchColumns, string>> = {
  back: 'Back',
  reject: 'Reject',
  next: 'More',
  confirm: 'Hold to sign',
}

function isTouch(button: PracticeButton): button is keyof typeof touchColumns {
  return button in touchColumns
}

/** The texts on the screen, the words on what can be touched among them. Pure. */
export function eventsOf(screen: PracticeScreen): ScreenEvent[] {
  const lines = screen.lines.map((text, index) => ({ text, x: 20, y: 20 + index * lineHeight, w: 440, h: lineHeight }))
  const touchable = screen.buttons.filter(isTouch).map((button) => ({
    text: labels[button],
    x: touchColumns[button],
    y: touchTop,
    ...touchSize,
  }))
  return [...lines, ...touchable].map((event, index) => ({ ...event, clear: index === 0 }))
}

/** What stands at a place of the touch screen, or null. Pure. */
export function touchedAt(screen: PracticeScreen, place: { x: number; y: number }): PracticeButton | null {
  if (place.y < touchTop || place.y >= touchTop + touchSize.h) return null
  const inside = (button: keyof typeof touchColumns) =>
    place.x >= touchColumns[button] && place.x < touchColumns[button] + touchSize.w
  return screen.buttons.filter(isTouch).find(inside) ?? null
}
