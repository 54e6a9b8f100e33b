import { join, resolve } from 'node:path'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { bundleBench } from './bundle.ts'
import { runInElectron } from './in-electron.ts'

/**
 * `npm run bench storage [part...]`: every figure of the storage role, in Node and inside Electron, ours beside a peer's.
 *
 * Parts: node, electron, node-stream, electron-stream, zfec, helia, gas, memory. Exits 1 when a figure misses its target.
 */
const folder = join(import.meta.dirname, 'storage')
const timeoutMs = 10 * 60_000
let missed = 0

function onLine(line: string): void {
  process.stdout.write(`${line}\n`)
  if (line.includes('"pass":false')) missed++
}

/** Starts a bench file in plain Node; resolves with its exit code. */
function inNode(
  file: string,
  options: { args?: readonly string[]; onLine?: (line: string) => void } = {},
): Promise<number> {
  const args = ['--disable-warning=ExperimentalWarning', resolve(folder, file), ...(options.args ?? [])]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: timeoutMs })
  createInterface({ input: child.stdout }).on('line', options.onLine ?? onLine)
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => done(code ?? 1))
  })
}

type Run = (file: string, options: { args?: readonly string[]; onLine?: (line: string) => void }) => Promise<number>

const inElectron: Run = (file, options) => runInElectron(join(folder, file), { onLine, timeoutMs, ...options })

/** Two processes of the same kind: one serves, the other fetches and reports. */
async function streamBetween(run: Run, onFigure: (line: string) => void = onLine): Promise<number> {
  let server: Promise<number> = Promise.resolve(1)
  const args = await new Promise<string[]>((known, reject) => {
    const ready = (line: string): void => {
      const { ready: address, peerId } = JSON.parse(line) as { ready: string; peerId: string }
      known([address, peerId])
    }
    server = run('stream-server.ts', { onLine: ready })
    server.then((code) => reject(new Error(`The serving end ended with ${code}.`)), reject)
  })
  const code = await run('stream-client.ts', { args, onLine: onFigure })
  return code === 0 ? await server : code
}

const parts: Record<string, () => Promise<number>> = {
  node: () => inNode('in-process.ts'),
  electron: () => inElectron('in-process.ts', {}),
  'node-stream': () => streamBetween(inNode),
  'electron-stream': () => streamBetween(inElectron),
  zfec: () => inNode('zfec.ts'),
  helia: async () => {
    let ours = 0
    const code = await streamBetween(inNode, (line) => {
      const { unit, value } = JSON.parse(line) as { unit: string; value: number }
      if (unit === 'MiB/s') ours = value
    })
    return code === 0 ? await inNode('helia.ts', { args: [String(ours)] }) : code
  },
  gas: () => inNode('proof-gas.ts'),
  memory: async () => {
    const [file, peers] = [
      await bundleBench(join(folder, 'put-memory.ts')),
      await bundleBench(join(folder, 'sinks.ts')),
    ]
    return inNode(file, { args: [peers] })
  },
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
