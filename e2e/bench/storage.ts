import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { runInElectron } from './in-electron.ts'

/**
 * `npm run bench storage [part...]`: every figure of the storage role, in Node and inside Electron, ours beside a peer's.
 *
 * Parts: node, electron. Exits 1 when a figure misses its target.
 */
const folder = join(import.meta.dirname, 'storage')
const timeoutMs = 10 * 60_000
let missed = 0

function onLine(line: string): void {
  process.stdout.write(`${line}\n`)
  if (line.includes('"pass":false')) missed++
}

function inNode(file: string): Promise<number> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, file)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeoutMs,
  })
  createInterface({ input: child.stdout }).on('line', onLine)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

const parts: Record<string, () => Promise<number>> = {
  node: () => inNode('in-process.ts'),
  electron: () => runInElectron(join(folder, 'in-process.ts'), { onLine, timeoutMs }),
}

const chosen = process.argv.slice(2)
for (const name of chosen.length > 0 ? chosen : Object.keys(parts)) {
  const part = parts[name]
  if (!part) {
    process.stderr.write(`There is no part ${name}. There are: ${Object.keys(parts).join(', ')}.\n`)
    process.exit(2)
  }
  if ((await part()) !== 0) missed++
}
process.exitCode = missed > 0 ? 1 : 0
