import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runChild } from '../../main/cli/launcher/child.mjs'

/**
 * `npm run bench [name] [arguments]`: runs one bench, or lists them. A bench is a folder-level file `e2e/bench/NAME.ts`; it prints
 * one JSON object a line on standard output, and everything else on standard error.
 */
const folder = import.meta.dirname
/** Files here that help benches and are none themselves. */
const helpers = new Set(['run', 'in-electron', 'bundle'])

function names(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name))
  return files.map((name) => name.slice(0, -3)).filter((name) => !helpers.has(name))
}

async function run([name, ...args]: readonly string[]): Promise<number> {
  const known = names()
  if (name === undefined) {
    process.stderr.write(`usage: npm run bench NAME\nbenches: ${known.join(', ')}\n`)
    return 0
  }
  if (!known.includes(name)) {
    process.stderr.write(`There is no bench ${name}. There are: ${known.join(', ')}.\n`)
    return 2
  }
  const watch = pathToFileURL(join(dirname(dirname(folder)), 'main/cli/launcher/end-with-parent.mjs')).href
  const flags = ['--disable-warning=ExperimentalWarning', '--import', watch]
  return await runChild(process.execPath, [...flags, join(folder, `${name}.ts`), ...args])
}

run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
