import type { ParseArgsConfig } from 'node:util'
import type { Platform } from '../../api/platform.ts'
import type { Home } from '../../store/index.ts'
import type { Output } from '../output/output.ts'

/** Standard input as bytes; `process.stdin` fits. */
export type InputStream = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean }

/** What every verb gets. */
export type VerbContext = {
  /** The home, opened (and made) when first asked for. */
  home(): Home
  /** `--network FILE`, absolute, or null. */
  readonly networkFile: string | null
  readonly output: Output
  readonly stdin: InputStream
  readonly platform: Platform
  /** Ends with the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal
}

/** Option values as `parseArgs` gives them; strings only, flags are true. */
export type VerbValues = Readonly<Record<string, string | boolean | undefined>>

/** Options as `parseArgs` takes them. */
export type VerbOptions = NonNullable<ParseArgsConfig['options']>

/** One word of the command line. */
export type Verb = {
  readonly name: string
  /** One line for the list of verbs. */
  readonly summary: string
  /** Lines of usage without the leading `hearth`. */
  readonly usage: readonly string[]
  readonly options: VerbOptions
  run(context: VerbContext, o: { values: VerbValues; positionals: readonly string[] }): Promise<void>
}

/** A string option or null. */
export function textOption(values: VerbValues, name: string): string | null {
  const value = values[name]
  return typeof value === 'string' ? value : null
}
