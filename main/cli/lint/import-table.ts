/**
 * Who may import whom: the table of DESIGN section 8 as data. The most specific folder that holds a file decides; a folder may
 * always import itself. A `*` in a path stands for one folder name. Tests are free: they use real things wherever those are.
 */
export type Row = {
  readonly folder: string
  /** Folders or files whose values may be imported. */
  readonly may: readonly string[]
  /** Folders or files of which only types may be imported. */
  readonly types?: readonly string[]
  /** Inside the folder, siblings that must not know each other (screens, roles). */
  readonly separateChildren?: boolean
  /** Neither Node's modules nor anything else that only one kind of runtime has. */
  readonly isomorphic?: boolean
}

const roleGround = [
  'roles/api',
  'roles/network',
  'roles/persistence',
  'roles/vouchers',
  'roles/upkeep',
  'contracts/client',
  'contracts/abi',
]
const screenGround = ['renderer/state', 'renderer/components', 'renderer/format']
/** For those who put the parts together; `ground` is what a customer's own process needs (its peer, its files, its vouchers). */
const everyone = ['main', 'contracts', 'resources', 'roles/api', 'roles/*/customer']
const ground = ['roles/network', 'roles/persistence', 'roles/vouchers']

export const importTable: readonly Row[] = [
  { folder: 'contracts/abi', may: [], isomorphic: true },
  { folder: 'contracts/client', may: ['contracts/abi'] },
  { folder: 'contracts/rewards', may: ['contracts/abi'], isomorphic: true },
  { folder: 'contracts/script', may: ['contracts'] },
  { folder: 'contracts', may: [] },

  { folder: 'roles/api', may: [], isomorphic: true },
  { folder: 'roles/network', may: ['roles/api', 'contracts/client', 'contracts/abi'] },
  { folder: 'roles/persistence', may: ['roles/api', 'contracts/client', 'contracts/abi'] },
  { folder: 'roles/vouchers', may: ['roles/api', 'roles/persistence', 'contracts/client', 'contracts/abi'] },
  // What every role needs to keep going: the chain watched, problems told, work repeated and paced.
  { folder: 'roles/upkeep', may: ['roles/api', 'contracts/client', 'contracts/abi'] },
  { folder: 'roles/host', may: ['roles/api', 'roles/*/index.ts'] },
  { folder: 'roles/*/protocol', may: ['roles/api', 'contracts/client', 'contracts/abi'], isomorphic: true },
  { folder: 'roles/render/engine', may: ['roles/render/protocol'], isomorphic: true },
  { folder: 'roles/storage', may: [...roleGround, 'resources/disks'] },
  { folder: 'roles/render', may: [...roleGround, 'resources/gpus'] },
  { folder: 'roles/energy', may: [...roleGround, 'resources/meters'] },
  { folder: 'roles/indexing', may: roleGround },
  { folder: 'roles/relay', may: [...roleGround, 'resources/network'] },

  { folder: 'resources', may: [], types: ['roles/api'] },

  { folder: 'main/api', may: ['roles/api'], isomorphic: true },
  { folder: 'main/preload', may: ['main/api'], isomorphic: true },
  // Both ends of the wire to a render window must speak the same.
  { folder: 'main/platform', may: ['main/api', 'roles/api', 'resources', 'roles/host/surfaces'] },
  { folder: 'main/store', may: ['main/api', 'roles/api', 'roles/persistence'] },
  {
    // The engine is composed here, once for the window and once for the command line (reasons in main/README.md).
    folder: 'main/app',
    may: [
      'main/api',
      'main/store',
      'main/wallet',
      'main/supervisor',
      'main/governor',
      'main/earnings',
      'contracts/client',
      'contracts/abi',
      'roles/api',
    ],
    types: ['roles/vouchers', 'resources'],
  },
  { folder: 'main/governor', may: ['main/api', 'roles/api'], isomorphic: true },
  { folder: 'main/wallet', may: ['main/api', 'main/store', 'roles/api'] },
  { folder: 'main/earnings', may: ['main/api', 'main/store', 'contracts', 'roles/api'] },
  { folder: 'main/supervisor', may: ['main/api', 'roles/api'] },
  { folder: 'main/ipc', may: ['main/api', 'roles/api'], types: ['main'] },
  { folder: 'main/practice', may: [...everyone, ...ground] },
  // A neighbour is a process of its own that runs a role in it, without a supervisor.
  { folder: 'main/practice/neighbours', may: [...everyone, 'roles'] },
  { folder: 'main/practice/entries', may: [...everyone, 'roles'] },
  { folder: 'main/cli', may: [...everyone, ...ground] },
  { folder: 'main', may: everyone },

  { folder: 'renderer/locales', may: [], isomorphic: true },
  { folder: 'renderer/bridge', may: ['main/api', 'roles/api'], isomorphic: true },
  { folder: 'renderer/format', may: ['main/api', 'roles/api', 'renderer/locales'], isomorphic: true },
  { folder: 'renderer/state', may: ['renderer/bridge'], isomorphic: true },
  { folder: 'renderer/screens', may: screenGround, separateChildren: true, isomorphic: true },
  { folder: 'renderer/components', may: ['renderer/format'], isomorphic: true },
  {
    folder: 'renderer/verifier',
    may: ['contracts/abi', 'contracts/client', 'roles/*/protocol', 'roles/vouchers', 'renderer/format'],
    isomorphic: true,
  },
  {
    folder: 'renderer/app',
    may: ['bridge', 'state', 'screens', 'components', 'format', 'locales'].map((name) => `renderer/${name}`),
    isomorphic: true,
  },

  {
    // The render bench opens the hidden windows of a process without the app, which main/platform/node makes.
    folder: 'e2e/bench',
    may: [
      'roles',
      'resources',
      'contracts',
      'main/cli',
      'main/practice',
      'main/platform/node',
      'e2e/fixtures',
      'e2e/chaos',
    ],
    types: ['main/api'],
  },
  // Chaos runs roles in processes of its own, to kill them; nothing of the app is in them.
  { folder: 'e2e/chaos', may: ['roles', 'contracts', 'e2e/bench'] },
  {
    folder: 'e2e',
    may: ['out', 'contracts/abi', 'contracts/client', 'roles/*/customer', 'main/cli/electron', 'main/cli/launcher'],
    types: ['main/api', 'roles/api'],
  },
]

/** Packages that only some folders may touch, and what others use instead. */
export type GuardedModule = {
  readonly module: RegExp
  readonly name: string
  readonly only: readonly string[]
  readonly instead: string
}

export const guardedModules: readonly GuardedModule[] = [
  {
    module: /^electron(\/|$)/,
    name: 'electron',
    only: [
      'main/index.ts',
      'main/platform/electron',
      'main/preload',
      'main/cli/electron/default-app',
      'e2e/bench/electron',
      'e2e/fixtures',
    ],
    instead: 'the port Platform of main/api',
  },
  {
    module: /^@photostructure\/sqlite$|^node:sqlite$|^better-sqlite3$|^libsql$/,
    name: 'SQLite',
    only: ['roles/persistence'],
    instead: 'openDatabase of roles/persistence',
  },
  {
    module: /^libp2p$|^@libp2p\/|^@chainsafe\/libp2p/,
    name: 'libp2p',
    only: ['roles/network', 'e2e/bench'],
    instead: 'createNetworkNode of roles/network',
  },
  {
    module: /^systeminformation$/,
    name: 'systeminformation',
    only: ['resources'],
    instead: 'detectInventory of resources',
  },
  {
    module: /^@chainsafe\/hashtree$/,
    name: 'the native tree hasher',
    only: ['roles/storage/provider', 'roles/storage/customer', 'e2e/bench'],
    instead: 'a Hasher that is handed in',
  },
]
