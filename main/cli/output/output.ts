import type { Progress } from './progress-bar.ts'
import { createProgressBar } from './progress-bar.ts'
import { oneLine } from './one-line.ts'
import { toJsonLine } from './to-json-line.ts'

/** Where a verb writes. Results go to standard output; everything else goes to standard error. */
export type Output = {
  /** True with --json. */
  readonly json: boolean
  /** One result: its JSON line with --json, else the lines for a person. */
  result(value: unknown, lines: () => readonly string[]): void
  /** A JSON line whatever the mode, for the one line that scripts wait for. */
  machine(value: unknown): void
  /** Text of a format of its own (CSV) on standard output, whatever the mode. */
  raw(text: string): void
  /** Text for a person on standard output; nothing with --json. */
  text(line: string): void
  /** A remark on standard error. */
  note(line: string): void
  /** A progress bar on standard error when it is a terminal, else nothing. */
  progress(label: string): Progress
}

/** What of a stream is used; `process.stdout` and `process.stderr` fit. */
export type OutputStream = { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number }

export function createOutput(o: { json: boolean; stdout: OutputStream; stderr: OutputStream }): Output {
  const print = (line: string) => void o.stdout.write(`${line}\n`)
  return {
    json: o.json,
    result(value, lines) {
      if (o.json) return print(toJsonLine(value))
      for (const line of lines()) print(line)
    },
    machine(value) {
      if (o.json || o.stdout.isTTY !== true) print(toJsonLine(value))
    },
    raw: (text) => void o.stdout.write(text),
    text(line) {
      if (!o.json) void (o.stdout.isTTY === true ? o.stdout : o.stderr).write(`${line}\n`)
    },
    note: (line) => void o.stderr.write(`${oneLine(line)}\n`),
    progress: (label) => createProgressBar(label, o.stderr),
  }
}
