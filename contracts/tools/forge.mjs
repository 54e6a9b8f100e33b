// Runs forge and ends with its exit code. The package's own wrapper ends with 0 whatever forge said, so that a build that
// failed would pass for one that worked.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const architectures = { x64: 'amd64', arm64: 'arm64' }
const name = `@foundry-rs/forge-${process.platform}-${architectures[process.arch] ?? process.arch}`
const file = process.platform === 'win32' ? 'forge.exe' : 'forge'
const binary = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', file)

const child = spawn(binary, process.argv.slice(2), { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
child.once('close', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))
