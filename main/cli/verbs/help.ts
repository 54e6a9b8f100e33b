import type { Verb } from './verb.ts'

const globalHelp = [
  'Every verb takes:',
  '  --json           one JSON object a line on standard output, nothing else there',
  "  --home DIR       folder of keys, settings and pieces (else HEARTH_HOME, else the app's data folder)",
  '  --network FILE   use this network file',
]

/** The list of verbs. */
export function helpText(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length))
  const list = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`)
  return ['usage: hearth VERB [options]', '', ...list, '', ...globalHelp, ''].join('\n')
}

/** How one verb is used. */
export function verbHelp(verb: Verb): string {
  const usage = verb.usage.map((line, index) => `${index === 0 ? 'usage: ' : '       '}hearth ${line}`)
  return [verb.summary, '', ...usage, '', ...globalHelp, ''].join('\n')
}
