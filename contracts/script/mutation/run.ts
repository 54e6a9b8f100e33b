/**
 * Changes the contracts at random places, one place at a time, and looks whether the tests notice:
 * `npm run contracts:mutate -- [--sample 300] [--seed 1] [--minutes 60] [--only Payouts,Rewards]`. One JSON line per survivor, then the score.
 * Exits 1 when fewer than 95 % are noticed. Works in a copy of the tree; unoptimized, since compiling is what takes long.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { explained } from './explained.ts'
import { applyMutant, makeMutants, mutantKey, shuffleBySeed, type Mutant } from './make-mutants.ts'

type Outcome = 'noticed' | 'survived' | 'invalid'

const top = resolve(import.meta.dirname, '../../..')
const goal = 0.95
/** A mutant that loops is noticed by this. */
const longestRunMs = 120_000

function solidityFiles(folder: string): readonly string[] {
  return readdirSync(join(folder, 'contracts/src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sol') && !name.startsWith('interfaces'))
    .map((name) => join('contracts/src', name))
    .sort()
}

function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-mutants-'))
  cpSync(join(top, 'contracts'), join(folder, 'contracts'), { recursive: true })
  symlinkSync(join(top, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

function runTests(folder: string): Promise<Outcome> {
  const forge = join(top, 'contracts/tools/forge.mjs')
  const env = {
    ...process.env,
    FOUNDRY_CONFIG: 'contracts/foundry.toml',
    FOUNDRY_OPTIMIZER: 'false',
    FOUNDRY_DYNAMIC_TEST_LINKING: 'true',
    FOUNDRY_FUZZ_RUNS: '16',
  }
  return new Promise((done) => {
    const child = spawn(process.execPath, [forge, 'test', '--fail-fast', '--no-match-path=*invariants*'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    child.stderr.on('data', (data: Buffer) => (output += data.toString()))
    const timer = setTimeout(() => endGroup(child.pid), longestRunMs)
    child.once('exit', () => endGroup(child.pid))
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0) done('survived')
      else done(/Compiler run failed|Error: Compil/.test(output) ? 'invalid' : 'noticed')
    })
  })
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function judge(folder: string, mutant: Mutant): Promise<Outcome> {
  const path = join(folder, mutant.path)
  const source = readFileSync(path, 'utf8')
  writeFileSync(path, applyMutant(source, mutant))
  try {
    return await runTests(folder)
  } finally {
    writeFileSync(path, source)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string', default: '300' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '120' },
      only: { type: 'string', default: '' },
    },
  })
  const [sample, seed, minutes] = [Number(values.sample), Number(values.seed), Number(values.minutes)]
  if (![sample, seed, minutes].every((value) => Number.isInteger(value) && value > 0)) {
    throw new Error('--sample, --seed and --minutes take whole numbers above zero.')
  }
  const counts = { noticed: 0, survived: 0, explained: 0, invalid: 0 }
  const endsAt = performance.now() + minutes * 60_000
  // Everything is read from the copy, so that work on the tree meanwhile changes nothing here.
  const folder = copyOfTree()
  const wanted = values.only.split(',')
  const files = solidityFiles(folder).filter((path) => wanted.some((part) => path.includes(part)))
  const all = files.flatMap((path) => makeMutants(path, readFileSync(join(folder, path), 'utf8')))
  process.once('SIGINT', () => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  })
  try {
    if ((await runTests(folder)) !== 'survived') throw new Error('The tests fail without any mutant; mend them first.')
    for (const mutant of shuffleBySeed(all, seed)) {
      if (counts.noticed + counts.survived + counts.explained >= sample || performance.now() > endsAt) break
      const outcome = await judge(folder, mutant)
      const key = mutantKey(mutant, readFileSync(join(folder, mutant.path), 'utf8'))
      if (outcome !== 'survived') counts[outcome]++
      else if (explained[key] !== undefined) counts.explained++
      else {
        counts.survived++
        say({ survivor: key, line: mutant.line })
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const score = counts.noticed / (counts.noticed + counts.survived)
  say({ figure: 'mutation score', ...counts, mutants: all.length, seed, score: Number(score.toFixed(4)), goal })
  if (!(score >= goal)) process.exitCode = 1
}

await main()
