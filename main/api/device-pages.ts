import type { PracticeScreen } from './wallet.ts'

/** How devices break a text into lines; from what their emulator showed (fixtures of the sentences). */
export type Screen = { readonly columns: number; readonly lines: number; readonly keepsLineBreaks: boolean }

/** Flex with app 1.22: six lines of about nineteen characters, line breaks kept. */
export const touchScreen: Screen = { columns: 19, lines: 6, keepsLineBreaks: true }
/** Nano S Plus with app 1.10: three lines of eighteen characters, line breaks shown as spaces. */
export const twoButtonScreen: Screen = { columns: 18, lines: 3, keepsLineBreaks: false }

/** The screen of each model that a person can choose. */
export const screens: Readonly<Record<PracticeScreen['model'], Screen>> = {
  touch: touchScreen,
  twoButton: twoButtonScreen,
}

/** Breaks a text into pages of lines: at spaces where a word fits on the next line, inside words that do not. */
export function pagesOf(text: string, screen: Screen): string[][] {
  const paragraphs = screen.keepsLineBreaks ? text.split('\n') : [text.replaceAll('\n', ' ')]
  const lines = paragraphs.flatMap((paragraph) => breakLines(paragraph, screen.columns))
  const pages: string[][] = []
  for (let i = 0; i < lines.length; i += screen.lines) pages.push(lines.slice(i, i + screen.lines))
  return pages
}

function breakLines(paragraph: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(' ')) {
    let rest = word
    if (line !== '' && line.length + 1 + rest.length <= columns) {
      line = `${line} ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    for (; rest.length > columns; rest = rest.slice(columns)) lines.push(rest.slice(0, columns))
    line = rest
  }
  return [...lines, line]
}
