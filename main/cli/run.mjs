// The one door of every npm script: brings in what is missing (packages, Node 24, the build), then hands over to Node 24.
// It runs on whatever Node the person has (18 or newer), so it and all it imports use no dependency and no newer syntax.
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { watchAncestors } from './launcher/ancestors.mjs'
import { ensureBuilt } from './launcher/build.mjs'
import { runChild } from './launcher/child.mjs'
import { ensureInstalled } from './launcher/install.mjs'
import { environmentFor, findNode } from './launcher/node.mjs'

const top = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const launcher = join(top, 'main/cli/launcher')
const endWithParent = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  pathToFileURL(join(launcher, 'end-with-parent.mjs')).href,
]

/** How long a command may take to end in order once the one who started it is gone. */
const lastGraceMs = 12_000

/** What each script runs under Node 24, and whether the build must be there first. */
const scripts = {
  start: { entry: join(launcher, 'start.ts'), build: true },
  test: { entry: join(launcher, 'test.ts'), build: false },
  bench: { entry: join(top, 'e2e/bench/run.ts'), build: true },
  hearth: { entry: join(top, 'out/main/cli.js'), build: true },
  build: { entry: null, build: true },
  'contracts:deep': { entry: join(top, 'contracts/script/deep.ts'), build: false },
  'contracts:mutate': { entry: join(top, 'contracts/script/mutation/run.ts'), build: false },
  'lock:complete': { entry: join(launcher, 'complete-lock-file.ts'), build: false },
  electron: { entry: join(top, 'main/cli/electron/print-version.ts'), build: false },
}

/** Messages go to standard error only: standard output belongs to the command. @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`)
}

async function main() {
  const [name = '', ...args] = process.argv.slice(2)
  if (Number(process.versions.node.split('.')[0]) < 18) {
    throw new Error(
      `Hearth needs Node 18 or newer; this is ${process.version}. Get a current one from https://nodejs.org.`,
    )
  }
  const script = Object.hasOwn(scripts, name) ? scripts[/** @type {keyof typeof scripts} */ (name)] : undefined
  if (script === undefined)
    throw new Error(`usage: node main/cli/run.mjs ${Object.keys(scripts).join('|')} [arguments]`)
  watchAncestors(() => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(143), lastGraceMs).unref()
  })
  await ensureInstalled(top, say)
  const node = findNode(top)
  const env = environmentFor(top, node)
  if (script.build) await ensureBuilt({ top, node, env, say })
  if (script.entry === null) return 0
  return await runChild(node, [...endWithParent, script.entry, ...args], { env })
}

main().then(
  (code) => process.exit(code),
  (error) => {
    say(error instanceof Error ? error.message : String(error))
    process.exit(1)
  },
)
