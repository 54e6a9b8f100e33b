import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * The folder that this app works in: `--home DIR`, else HEARTH_HOME, else the system's folder for this app's data.
 *
 * `appData` is the system's folder for all apps' data.
 */
export function chooseHome(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  appData: string,
): string {
  const chosen = [optionOf(argv, 'home'), environment['HEARTH_HOME']].find((path) => path !== undefined && path !== '')
  return chosen === undefined ? join(appData, 'Hearth') : resolve(chosen)
}

/** The value of `--NAME VALUE` or `--NAME=VALUE`, the last one given; undefined when there is none. */
export function optionOf(argv: readonly string[], name: string): string | undefined {
  const flag = argv.findLastIndex((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`))
  return flag === -1 ? undefined : argv[flag]?.split('=').slice(1).join('=') || argv[flag + 1]
}

/** Makes the folder when it is missing; returns what is wrong with it in words for a person, or null when it can be used. */
export function problemOfHome(directory: string): string | null {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return `Hearth keeps its data in ${directory}, which cannot be used (${reason}). Make that folder writable, or choose another one with --home.`
  }
}
