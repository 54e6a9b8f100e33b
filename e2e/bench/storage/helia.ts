import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { report } from './report.ts'

/**
 * Helia, IPFS in JavaScript, from node to node on loopback: two processes, its own defaults, random files of 16 MiB in memory, fetched
 * by bitswap one after the other. Beside the stream of the same run, whose figure comes as the only argument.
 *
 * Helia's 490 packages are not ours: it is looked for in HEARTH_HELIA, else in `~/.cache/hearth/helia`; where it is absent, the
 * line says how to have it.
 */
const folder = process.env['HEARTH_HELIA'] ?? join(homedir(), '.cache/hearth/helia')
const install = `npm install --ignore-scripts --prefix ${folder} helia@7.1.15 @helia/unixfs@8.0.5`
const [runs, fileBytes, timeoutMs] = [11, 16 * 1024 * 1024, 120_000]

/** Lies beside Helia's packages while it runs, since a module is looked for from where it is asked for. */
const script = `
import { randomBytes } from 'node:crypto'
import { createHelia } from 'helia'
import { unixfs } from '@helia/unixfs'
const [runs, bytes] = [${runs}, ${fileBytes}]
const address = process.argv[2]
const helia = createHelia({ libp2p: { addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] }, peerDiscovery: [] } })
await helia.start()
const files = unixfs(helia)
if (address === undefined) {
  const cids = []
  for (let run = 0; run < runs; run++) cids.push(String(await files.addBytes(randomBytes(bytes))))
  console.log(JSON.stringify({ address: String(helia.libp2p.getMultiaddrs()[0]), cids }))
} else {
  const { multiaddr } = await import('@multiformats/multiaddr')
  const { CID } = await import('multiformats/cid')
  await helia.libp2p.dial(multiaddr(address))
  const times = []
  for (const cid of process.argv.slice(3)) {
    const startMs = performance.now()
    let got = 0
    for await (const chunk of files.cat(CID.parse(cid))) got += chunk.length
    if (got !== bytes) throw new Error('Helia brought ' + got + ' bytes.')
    times.push(performance.now() - startMs)
  }
  console.log(JSON.stringify(times))
  process.exit(0)
}
`

/** Starts a node and resolves with the first line that it says. */
async function startNode(args: readonly string[]): Promise<{ line: string; end: () => void }> {
  const child = spawn(process.execPath, [join(folder, 'hearth-bench.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: timeoutMs,
  })
  const line = await new Promise<string>((said, reject) => {
    createInterface({ input: child.stdout }).once('line', said)
    child.once('close', (code) => reject(new Error(`A Helia node ended with ${code}.`)))
  })
  return { line, end: () => child.kill('SIGKILL') }
}

/** Median and 95th percentile in MiB a second; the first run warms up. */
async function measureHelia(): Promise<{ median: number; p95: number }> {
  writeFileSync(join(folder, 'hearth-bench.mjs'), script)
  const server = await startNode([])
  try {
    const { address, cids } = JSON.parse(server.line) as { address: string; cids: string[] }
    const client = await startNode([address, ...cids])
    const times = (JSON.parse(client.line) as number[]).slice(1).sort((left, right) => left - right)
    const rate = (milliseconds: number): number => Number((fileBytes / 2 ** 20 / (milliseconds / 1000)).toPrecision(3))
    return { median: rate(times[times.length >> 1]!), p95: rate(times.at(-1)!) }
  } finally {
    server.end()
  }
}

const value = Number(process.argv[2])
const what = 'theirs: bitswap of blocks in memory, hashed by the receiver; ours: one framed stream, not hashed'
const figure = { figure: 'one stream between two processes, beside Helia node to node', value, unit: 'MiB/s' }
if (existsSync(join(folder, 'node_modules/helia/package.json'))) {
  const helia = await measureHelia()
  const peer = { name: 'Helia 7.1.15', value: helia.median }
  report({ ...figure, peer, details: { peerP95: helia.p95, runs: runs - 1, fileMiB: fileBytes / 2 ** 20, what } })
} else {
  report({ ...figure, details: { peer: `Helia is absent; to have it: ${install}` } })
}
