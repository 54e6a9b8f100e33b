import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** An Electron that can run Hearth: its executable, its version and where it came from. */
export type ElectronRuntime = { readonly path: string; readonly version: string; readonly source: string }

/** Where the script tells a person what it is doing; never standard output, which belongs to the command that is run. */
export type Progress = (line: string) => void

/** The executable inside an unpacked Electron folder. */
export function executableIn(folder: string): string {
  if (process.platform === 'darwin') return join(folder, 'Electron.app/Contents/MacOS/Electron')
  return join(folder, process.platform === 'win32' ? 'electron.exe' : 'electron')
}

/**
 * Asks an Electron for its version by running it as plain Node: with `--version` it traps when started by root.
 * Rejects when the file does not run (a missing system library, for instance).
 */
export async function askVersion(executable: string): Promise<string> {
  const { stdout } = await promisify(execFile)(executable, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    timeout: 20_000,
  })
  return stdout.trim()
}
