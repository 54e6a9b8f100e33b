/** What every bundle of Node code has in common: the app's and the benches'. */

/** Both Electrons and a system Node 20 run the same build; the oldest of them is Electron 33 with Node 20.18. */
export const nodeTarget = 'node20.18'
export const browserTarget = 'chrome130'

/** Left outside the bundle: Electron itself, packages with native code, and packages that find files beside themselves. */
export const external = [
  /^electron(\/.*)?$/,
  '@photostructure/sqlite',
  '@chainsafe/hashtree',
  'systeminformation',
  /^@foundry-rs\//,
  'node-hid',
  '@serialport/bindings-cpp',
  'usb',
]

/** Bundled CommonJS packages call `require` for Node's own modules; an ES module has none of its own. */
export const requireBanner =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);"
