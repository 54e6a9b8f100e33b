import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hearth, type HearthResult } from '../../fixtures/hearth.ts'
import { report } from './report.ts'

const files = 10_000
/** Mean of 2 KiB; together about 20 MiB. */
const largestBytes = 4096

/** Ten thousand small files out and back with the real commands. Exits 1 when one of them differs. */
export async function benchSmallFiles(home: string): Promise<void> {
  const folder = join(home, 'small')
  const before = writeFiles(folder)
  const manifest = join(home, 'small.manifest')
  const put = finished('put', await hearth(home, 'store', 'put', folder, '--out', manifest, '--json'))
  const { segments, pieces } = put.json() as { segments: number; pieces: number }
  report({
    bench: 'store',
    figure: `hearth store put, a folder of ${files} small files`,
    value: put.tookMs / 1000,
    unit: 's',
    details: { segments, pieces },
  })
  const back = join(home, 'small-back')
  const get = finished('get', await hearth(home, 'store', 'get', manifest, back, '--json'))
  report({ bench: 'store', figure: `hearth store get, the same folder`, value: get.tookMs / 1000, unit: 's' })
  const equal = hashOfTree(join(back, 'small')) === before
  report({
    bench: 'store',
    figure: 'all small files bit-exact',
    value: equal ? 1 : 0,
    unit: 'of 1',
    target: { atLeast: 1 },
  })
  if (!equal) process.exitCode = 1
  rmSync(folder, { recursive: true })
  rmSync(back, { recursive: true })
}

function writeFiles(folder: string): string {
  for (let index = 0; index < files; index++) {
    const below = join(folder, String(index % 100))
    if (index < 100) mkdirSync(below, { recursive: true })
    writeFileSync(join(below, `${index}.bin`), randomBytes(1 + ((index * 7919) % largestBytes)))
  }
  return hashOfTree(folder)
}

/** One hash over all names and contents, in the order of the names. */
function hashOfTree(folder: string): string {
  const hash = createHash('sha256')
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const path of paths.sort()) hash.update(path.slice(folder.length)).update(readFileSync(path))
  return hash.digest('hex')
}

function finished(what: string, result: HearthResult): HearthResult {
  if (result.code !== 0) throw new Error(`${what} ended with ${result.code}: ${result.stderr}`)
  return result
}
