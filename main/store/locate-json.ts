/** Where in a JSON text something is; lines and columns count from 1. */
export type TextPlace = { readonly line: number; readonly column: number }

/** The line and column of a character offset. */
export function placeOfOffset(text: string, offset: number): TextPlace {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)))
  const lines = before.split('\n')
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
}

/**
 * The place where a text stops being JSON. Engines leave it out of their message for short texts, so the text is walked
 * once more: one regular expression per token of RFC 8259.
 */
export function placeOfSyntaxError(text: string): TextPlace {
  return placeOfOffset(text, new JsonWalker(text).firstWrongOffset())
}

const tokens = {
  space: /[ \t\r\n]*/y,
  scalar: /true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y,
  text: /"([^"\\\u0000-\u001f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
} as const

/** Walks a JSON text as far as it is one. */
class JsonWalker {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  firstWrongOffset(): number {
    if (this.#value()) this.#take('space')
    return this.#offset
  }

  #value(): boolean {
    this.#take('space')
    if (this.#symbol('{')) return this.#list('}', () => this.#take('text') && this.#symbol(':') && this.#value())
    if (this.#symbol('[')) return this.#list(']', () => this.#value())
    return this.#take('text') || this.#take('scalar')
  }

  #list(end: string, item: () => boolean): boolean {
    if (this.#symbol(end)) return true
    do {
      this.#take('space')
      if (!item()) return false
    } while (this.#symbol(','))
    return this.#symbol(end)
  }

  #symbol(symbol: string): boolean {
    this.#take('space')
    if (this.#text[this.#offset] !== symbol) return false
    this.#offset++
    return true
  }

  #take(token: keyof typeof tokens): boolean {
    const expression = tokens[token]
    expression.lastIndex = this.#offset
    const match = expression.exec(this.#text)
    if (match === null) return false
    this.#offset += match[0].length
    return true
  }
}

/**
 * The place of the value at a path such as `['roles', 'storage', 'on']`, found by searching the keys one inside the
 * other. Array indexes are skipped; a key that is missing leaves the place of its parent.
 */
export function placeOfPath(text: string, path: readonly PropertyKey[]): TextPlace {
  let offset = 0
  for (const key of path) {
    if (typeof key !== 'string') continue
    const found = text.indexOf(JSON.stringify(key), offset)
    if (found < 0) break
    offset = found
  }
  return placeOfOffset(text, offset)
}
