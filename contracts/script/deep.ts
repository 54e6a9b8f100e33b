/**
 * The long form of the contract tests: `npm run contracts:deep -- [--fuzz-runs 10000] [--only deep|wide]`. Every fuzz test with that
 * many values and every invariant over 500 histories of 500 calls, then over 10,000 histories of 32. A call that reverts
 * in a handler fails. Ends with 1 when anything fails.
 */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const top = resolve(import.meta.dirname, '../..')

function runForge(profile: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const forge = join(top, 'contracts/tools/forge.mjs')
  const env = { ...process.env, FOUNDRY_CONFIG: 'contracts/foundry.toml', FOUNDRY_PROFILE: profile, ...environment }
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [forge, 'test', ...args], { cwd: top, env, stdio: 'inherit' })
    child.once('error', fail)
    child.once('close', (code) => done(code === 0))
  })
}

const { values } = parseArgs({
  options: { 'fuzz-runs': { type: 'string', default: '10000' }, only: { type: 'string' } },
})
const fuzzRuns = Number(values['fuzz-runs'])
if (!Number.isInteger(fuzzRuns) || fuzzRuns <= 0) throw new Error('--fuzz-runs takes a whole number above zero.')
if (values.only !== undefined && !['deep', 'wide'].includes(values.only)) throw new Error('--only takes deep or wide.')

const runs = { FOUNDRY_FUZZ_RUNS: String(fuzzRuns) }
const passes: boolean[] = []
if (values.only !== 'wide') passes.push(await runForge('deep', [], runs))
if (values.only !== 'deep') passes.push(await runForge('wide', ['--match-path', '*invariants*'], {}))
if (passes.includes(false)) process.exitCode = 1
