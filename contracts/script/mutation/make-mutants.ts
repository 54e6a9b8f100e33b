/** One small change of a source file, as a careless hand might make it. Offsets are UTF-16 units of the file's text. */
export type Mutant = {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly replacement: string
  /** Number of the line, from 1, and what stood there. */
  readonly line: number
  readonly original: string
}

type Rule = {
  readonly pattern: RegExp
  /** What may stand in place of a match; groups of the pattern are handed in. */
  readonly replacements: (match: RegExpExecArray) => readonly string[]
}

const swaps: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '&&': ['||'],
  '||': ['&&'],
  '+=': ['-=', '='],
  '-=': ['+=', '='],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
}

/** Operators stand between blanks, since the formatter puts them there; so no sign, arrow or comment is mistaken for one. */
const rules: readonly Rule[] = [
  {
    pattern: /(?<= )(<=|>=|==|!=|&&|\|\||\+=|-=|<<|>>|[<>+\-*/%&|])(?= )/g,
    replacements: (match) => swaps[match[0]] ?? [],
  },
  { pattern: /\bif \(((?:[^()]|\([^()]*\))*)\)/g, replacements: () => ['if (true)', 'if (false)'] },
  { pattern: /(?<=[( ])!(?=[a-z_(])/g, replacements: () => [''] },
  {
    pattern: /(?<![\w.])(\d+)(?![\w.])/g,
    replacements: (match) => [String(Number(match[0]) + 1)],
  },
  // A whole statement on a line of its own: an assignment, a call, an increment.
  {
    pattern:
      /(?<=^[ \t]+)(?!if\b|for\b|return\b|emit\b|revert\b|uint|int|bytes|address|bool|string|error|event|using|import|_;)[\w.$[(][\w.$[\](), ]*(?: [+\-|]?= |\+\+|\()[^;{}\n]*;$/gm,
    replacements: () => [';'],
  },
]

/** The same text with comments, strings, imports, pragmas, assembly and headers of declarations blanked, so that offsets stay. */
export function maskSolidity(source: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, ' ')
  return source
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, blank)
    .replace(/"(?:[^"\\]|\\.)*"/g, blank)
    .replace(/^(?:import|pragma|using|event|error)\b[\s\S]*?;/gm, blank)
    .replace(/^ {4}(?:event|error|using)\b[\s\S]*?;/gm, blank)
    .replace(/\bmapping\([^;]*;/g, blank)
    .replace(/\b(?:struct|enum) \w+ \{[^}]*\}/g, blank)
}

/** Every mutant of one file, in the order of the text. */
export function makeMutants(path: string, source: string): readonly Mutant[] {
  const masked = maskSolidity(source)
  const mutants: Mutant[] = []
  for (const { pattern, replacements } of rules) {
    for (const match of masked.matchAll(pattern)) {
      const start = match.index
      const end = start + match[0].length
      const before = source.slice(0, start)
      const line = before.split('\n').length
      const original = source.slice(start, end)
      for (const replacement of replacements(match as RegExpExecArray)) {
        if (replacement !== original) mutants.push({ path, start, end, replacement, line, original })
      }
    }
  }
  return mutants.sort((left, right) => left.start - right.start)
}

/** The text with a mutant in it. */
export function applyMutant(source: string, mutant: Mutant): string {
  return source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end)
}

/** The same order for the same seed (mulberry32 and Fisher-Yates), so that a sample can be drawn again. */
export function shuffleBySeed<T>(items: readonly T[], seed: number): readonly T[] {
  const shuffled = [...items]
  let state = seed >>> 0
  const random = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}

/** How a survivor is named in the list of explained ones: by what it does, not where, so that it outlives other changes. */
export function mutantKey(mutant: Mutant, source: string): string {
  const text = source.split('\n')[mutant.line - 1]!.trim()
  return `${mutant.path}: ${text} | ${mutant.original.split('\n')[0]} => ${mutant.replacement}`
}
