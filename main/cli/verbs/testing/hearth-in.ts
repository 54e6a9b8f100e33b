import { createNodePlatform } from '../../../platform/node/index.ts'
import { runHearth } from '../run-hearth.ts'

export type HearthEnd = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs real verbs of the command line in this process, on one home; `signal` is Ctrl-C. */
export function hearthIn(home: string, cwd: string) {
  return async (
    args: readonly string[],
    options: { readonly signal?: AbortSignal; readonly onNote?: (text: string) => void } = {},
  ): Promise<HearthEnd> => {
    let [stdout, stderr] = ['', '']
    const code = await runHearth({
      args: [...args, '--home', home],
      env: { XDG_CONFIG_HOME: `${cwd}/config` },
      cwd,
      stdout: { write: (text) => (stdout += text) },
      stderr: {
        write(text) {
          stderr += text
          options.onNote?.(text)
        },
      },
      platform: createNodePlatform(),
      signal: options.signal ?? new AbortController().signal,
    })
    return { code, stdout, stderr }
  }
}
