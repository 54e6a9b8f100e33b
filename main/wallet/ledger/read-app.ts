import { z } from 'zod'
import { DeviceError } from './device-error.ts'
import type { EthApp, LedgerTransport } from './packages.ts'
import { oneLine } from './state-of-failure.ts'

/** The app that is open on a device. */
export type DeviceApp = { readonly name: string; readonly version: string; readonly blindSigning: boolean }

/**
 * Since 1.9.20 the Ethereum app shows the whole of a text, part by part (its change log: before, the first 99 or 255
 * characters; before 1.9.19 only a hash). A sentence has up to 320, so with an older app one would sign unseen words.
 */
export const neededAppVersion = '1.9.20'

const configurationSchema = z.object({ arbitraryDataEnabled: z.number(), version: z.string().regex(/^\d+\.\d+\.\d+$/) })

/** The bytes after `B0 01`: format 1, then name and version, each with its length in front. */
export function parseAppAndVersion(answer: Uint8Array): { name: string; version: string } {
  const nameEnd = 2 + (answer[1] ?? 0)
  const versionEnd = nameEnd + 1 + (answer[nameEnd] ?? 0)
  // Two more bytes are the status.
  if (answer[0] !== 1 || versionEnd > answer.length - 2 || nameEnd === 2) {
    throw new DeviceError({ kind: 'unreadable', detail: 'no app and version' })
  }
  const text = (from: number, to: number) => oneLine(Buffer.from(answer.subarray(from, to)).toString('latin1'))
  return { name: text(2, nameEnd), version: text(nameEnd + 1, versionEnd) }
}

/**
 * Asks, without asking the person, which app is open. Throws a DeviceError for any but the Ethereum app of a version that
 * shows whole texts.
 */
export async function readApp(transport: LedgerTransport, eth: EthApp): Promise<DeviceApp> {
  const { name, version } = parseAppAndVersion(await transport.send(0xb0, 0x01, 0, 0))
  if (name !== 'Ethereum') throw new DeviceError({ kind: 'wrongApp', app: name })
  if (!isAtLeast(version, neededAppVersion)) {
    throw new DeviceError({ kind: 'appOutdated', appVersion: version, neededVersion: neededAppVersion })
  }
  const configuration = configurationSchema.safeParse(await eth.getAppConfiguration())
  if (!configuration.success) throw new DeviceError({ kind: 'unreadable', detail: 'no configuration of the app' })
  return { name, version, blindSigning: configuration.data.arbitraryDataEnabled !== 0 }
}

/** Compares `major.minor.patch`; a version that is none counts as old. */
export function isAtLeast(version: string, needed: string): boolean {
  const [found, wanted] = [numbersOf(version), numbersOf(needed)]
  if (found === null || wanted === null) return false
  const index = [0, 1, 2].find((place) => found[place] !== wanted[place])
  return index === undefined || found[index]! > wanted[index]!
}

function numbersOf(version: string): readonly number[] | null {
  const match = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:$|[-+ ])/.exec(version)
  return match === null ? null : match.slice(1, 4).map(Number)
}
