// The part of an Electron runtime that opens the app named on its command line. It is an ES module with a top-level await on
// purpose: Electron holds `ready` back until the entry module has settled, so an app that is an ES module itself can still
// register its schemes in time. A CommonJS one would start the app unawaited and lose that race.
import { app } from 'electron'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

function prepareFolder(folder) {
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const name = description.productName || description.name || 'Electron'
  app.setName(name)
  if (description.version) app.setVersion(description.version)
  if (description.desktopName) app.setDesktopName(description.desktopName)
  app.setAppPath(folder)
  app.setPath('userData', join(app.getPath('appData'), name))
  return createRequire(join(folder, 'package.json')).resolve(join(folder, description.main || 'index.js'))
}

function entryOf(path) {
  if (statSync(path).isDirectory() || path.endsWith('.asar')) return prepareFolder(path)
  app.setAppPath(dirname(path))
  return path
}

const words = process.argv.slice(1)
if (words.includes('-v') || words.includes('--version')) {
  console.log(`v${process.versions.electron}`)
  process.exit(0)
}
const named = words.find((word) => !word.startsWith('-'))
if (named === undefined) {
  console.error('usage: electron PATH')
  process.exit(1)
}
Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true })
try {
  await import(pathToFileURL(entryOf(resolve(named))).href)
} catch (error) {
  console.error(error?.stack ?? error)
  process.exit(1)
}
