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
  const flag = argv.findLastIndex((argument) => argument === '--home' || argument.startsWith('--home='))
  const fromFlag = flag === -1 ? undefined : argv[flag]?.split('=').slice(1).join('=') || argv[flag + 1]
  const chosen = [fromFlag, environment['HEARTH_HOME']].find((path) => path !== undefined && path !== '')
  return chosen === undefined ? join(appData, 'Hearth') : resolve(chosen)
}
