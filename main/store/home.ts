import { chmodSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { RoleName } from '../../roles/api/roles.ts'
import { LockedError, acquireLock, lockHolder } from '../../roles/persistence/index.ts'
import type { Lock } from '../../roles/persistence/index.ts'
import { HearthError } from '../../roles/api/errors.ts'
import type { Platform } from '../api/platform.ts'
import { NoNetworkError, createHomeNetwork } from './home-network.ts'
import type { HomeNetwork } from './home-network.ts'
import { createKeyStore } from './key-store.ts'
import type { KeyNetwork, KeyStore } from './key-store.ts'
import { directoryMode } from './modes.ts'
import { createSettingsStore } from './settings-store.ts'
import type { SettingsStore } from './settings-store.ts'
import { openSignedSentences } from './signed-sentences.ts'
import type { SignedSentenceStore } from './signed-sentences.ts'
import { openWalletRecord } from './wallet-record.ts'
import type { WalletRecordStore } from './wallet-record.ts'

/** What only one process per home may do. */
export type HomeLockName = 'engine' | 'practice'

/** The folder of one contributor or customer (DESIGN 7) and the only way to what is in it. */
export type Home = {
  /** Absolute path. */
  readonly directory: string
  readonly settings: SettingsStore
  readonly network: HomeNetwork
  readonly keys: KeyStore
  /** roles/ROLE, made when asked for; that of an operator who is not the home's own lies below it. */
  roleDirectory(role: RoleName, owner?: string | null): string
  /** practice/, made when asked for. */
  practiceDirectory(): string
  /** state/, where the engine keeps its databases, made when asked for. */
  stateDirectory(): string
  /** wallet.json of the home on a network: the chosen device, the operator, the payout that the device confirmed. */
  walletRecord(network: NetworkId): WalletRecordStore
  /** Sentences that were signed on a network and have not landed yet. */
  signedSentences(network: NetworkId): SignedSentenceStore
  /** Takes a lock until `release` or the end of the process. Throws HomeInUseError. */
  lock(name: HomeLockName): Lock
  /** The living process that holds a lock, or null. */
  holder(name: HomeLockName): { readonly pid: number } | null
}

/** What tells two networks apart. */
export type NetworkId = { readonly chainId: number; readonly genesisHash: string }

/** Another process already runs the engine, or the practice network, of this home. `details.pid` names it. */
export class HomeInUseError extends HearthError {}

const whatRuns: Readonly<Record<HomeLockName, string>> = { engine: 'Hearth', practice: 'The practice network' }

/**
 * Opens a home and makes its folder when it is missing. Nothing else is written before it is needed.
 *
 * `secrets` is the platform's store (null on servers), `passphraseFile` comes from HEARTH_PASSPHRASE_FILE.
 */
export function openHome(
  directory: string,
  options: { secrets?: Platform['secrets']; passphraseFile?: string | null } = {},
): Home {
  const home = resolve(directory)
  // An existing folder keeps its mode: it may be one that a person chose for more than Hearth.
  mkdirSync(home, { recursive: true, mode: directoryMode })
  const network = createHomeNetwork(join(home, 'network.json'))
  const sources = { secrets: options.secrets ?? null, passphraseFile: options.passphraseFile ?? null }
  return {
    directory: home,
    settings: createSettingsStore(join(home, 'settings.json')),
    network,
    keys: createKeyStore(() => keyNetwork(home, network), sources),
    roleDirectory: (role, owner = null) =>
      makePrivate(join(home, 'roles', role, ...(owner === null ? [] : [owner.toLowerCase()]))),
    practiceDirectory: () => makePrivate(join(home, 'practice')),
    stateDirectory: () => makePrivate(join(home, 'state')),
    walletRecord: (id) => openWalletRecord(join(networkState(home, id), 'wallet.json')),
    signedSentences: (id) => openSignedSentences(makePrivate(join(networkState(home, id), 'signed'))),
    lock: (name) => lockHome(home, name),
    holder: (name) => lockHolder(lockPath(home, name)),
  }
}

function makePrivate(directory: string): string {
  mkdirSync(directory, { recursive: true, mode: directoryMode })
  // One that a backup brought back with a wider mode is narrowed; on Windows this does nothing.
  chmodSync(directory, directoryMode)
  return directory
}

/** Practice keys lie in keys/ itself; every other network has a folder of its own, so that no key serves two of them. */
async function keyNetwork(home: string, network: HomeNetwork): Promise<KeyNetwork> {
  const file = await network.read()
  if (file === null) throw new NoNetworkError(home)
  const directory = join(home, 'keys')
  if (file.practice) return { practice: true, directory }
  return { practice: false, directory: join(directory, nameOf(file)) }
}

/** What a home keeps for one network; a practice network that was made anew begins with nothing. */
function networkState(home: string, id: NetworkId): string {
  return makePrivate(join(home, 'state', nameOf(id)))
}

function nameOf({ chainId, genesisHash }: NetworkId): string {
  return `${chainId}-${genesisHash.slice(2, 10)}`
}

function lockPath(home: string, name: HomeLockName): string {
  return join(home, `${name}.lock`)
}

function lockHome(home: string, name: HomeLockName): Lock {
  try {
    return acquireLock(lockPath(home, name))
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    throw new HomeInUseError('HOME_IN_USE', `${whatRuns[name]} is already running on ${home} (process ${error.pid}).`, {
      action: `Use the one that runs, stop process ${error.pid}, or choose another home with --home.`,
      details: { pid: error.pid, lock: name },
    })
  }
}
