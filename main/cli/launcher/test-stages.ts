import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findElectron } from '../electron/find-electron.ts'
import { ensureBuilt } from './build.mjs'
import { countForge, countPlaywright, countVitest, explainForge, type Counts } from './count-tests.ts'
import type { Guard } from './guard.ts'
import { readCoverage } from './read-coverage.ts'
import { runTool } from './run-tool.ts'
import { ensureSystemPackages } from './system-packages.ts'
import { lacksDisplay, startVirtualDisplay } from './virtual-display.ts'

/** What a stage found. `counts` is null for a tool that has no tests of its own. */
export type StageResult = { readonly succeeded: boolean; readonly output: string; readonly counts: Counts | null }
export type StageContext = { readonly top: string; readonly guard: Guard; readonly say: (line: string) => void }
export type Stage = { readonly name: string; readonly run: (context: StageContext) => Promise<StageResult> }

const minuteMs = 60_000

type Tool = {
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs: number
  /** Reads how many tests ran from what the tool wrote. */
  readonly count?: (output: string) => Counts
}

async function useTool({ top, guard }: StageContext, tool: Tool): Promise<StageResult> {
  const result = await runTool({ ...tool, cwd: top, guard })
  const late = result.timedOut ? `\nIt did not end within ${tool.timeoutMs / minuteMs} minutes and was ended.` : ''
  const succeeded = result.code === 0
  if (tool.count === undefined) return { succeeded, output: result.output + late, counts: null }
  try {
    return { succeeded, output: result.output + late, counts: tool.count(result.output) }
  } catch (error) {
    const reason = `\nIts report could not be read: ${error instanceof Error ? error.message : String(error)}`
    return { succeeded: false, output: result.output + late + reason, counts: { passed: 0, failed: 0, skipped: 0 } }
  }
}

/** The place of a machine-readable report; an old one is removed, so that it cannot be taken for the new one. */
function reportPath(top: string, name: string): string {
  const folder = join(top, 'out/test')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  rmSync(path, { force: true })
  return path
}

const formatted = [
  '*.{md,json}',
  '{main,renderer,roles,contracts,resources,e2e}/**/*.{ts,tsx,mjs,cjs,js,json,css,html,md,sol}',
  '!package-lock.json',
  '!e2e/out/**',
]

async function runContracts(context: StageContext): Promise<StageResult> {
  const result = await useTool(context, {
    args: ['contracts/tools/forge.mjs', 'test', '--json'],
    env: { FOUNDRY_CONFIG: 'contracts/foundry.toml' },
    timeoutMs: 10 * minuteMs,
    count: countForge,
  })
  return result.counts === null ? result : { ...result, output: explainForge(result.output) }
}

/** Invariants are left out: they add no line that the other tests do not reach, and coverage runs them slowly. */
async function runCoverage(context: StageContext): Promise<StageResult> {
  const forge = 'contracts/tools/forge.mjs'
  const excluded = ['--no-match-coverage=(test|script)', '--no-match-path=*invariants*']
  const result = await useTool(context, {
    args: [forge, 'coverage', ...excluded],
    env: { FOUNDRY_CONFIG: 'contracts/foundry.toml' },
    timeoutMs: 10 * minuteMs,
  })
  const { complete, explanation } = readCoverage(result.output)
  const output = explanation === '' ? result.output : explanation
  return { ...result, succeeded: result.succeeded && complete, output }
}

async function runUnit(context: StageContext): Promise<StageResult> {
  const report = reportPath(context.top, 'vitest.json')
  return await useTool(context, {
    args: [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--config=main/cli/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    timeoutMs: 35 * minuteMs,
    count: () => countVitest(readFileSync(report, 'utf8')),
  })
}

async function build({ top, say }: StageContext): Promise<StageResult> {
  try {
    await ensureBuilt({ top, node: process.execPath, env: process.env, say })
    return { succeeded: true, output: '', counts: null }
  } catch (error) {
    return { succeeded: false, output: error instanceof Error ? error.message : String(error), counts: null }
  }
}

async function runEndToEnd(context: StageContext): Promise<StageResult> {
  const headless = lacksDisplay()
  try {
    // An older build would be tested in place of the sources; a failed one says so here too.
    await ensureBuilt({ top: context.top, node: process.execPath, env: process.env, say: context.say })
    await ensureSystemPackages({ display: headless, tests: true, say: context.say })
    const electron = await findElectron({ onProgress: context.say })
    context.say(`Electron ${electron.version} from ${electron.source}`)
  } catch (error) {
    return { succeeded: false, output: error instanceof Error ? error.message : String(error), counts: null }
  }
  const display = headless ? await startVirtualDisplay() : null
  if (display !== null) context.guard.watch(display.pid)
  const report = reportPath(context.top, 'playwright.json')
  try {
    return await useTool(context, {
      args: [
        'node_modules/@playwright/test/cli.js',
        'test',
        '--config=e2e/playwright.config.ts',
        '--reporter=list,json',
      ],
      env: { ...display?.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
      timeoutMs: 30 * minuteMs,
      count: () => countPlaywright(readFileSync(report, 'utf8')),
    })
  } finally {
    display?.stop()
  }
}

/** Everything that `npm test` checks, cheapest first. */
export const stages: readonly Stage[] = [
  {
    name: 'types',
    run: (context) => useTool(context, { args: ['node_modules/typescript/bin/tsc', '-b'], timeoutMs: 5 * minuteMs }),
  },
  {
    name: 'lint',
    run: (context) => useTool(context, { args: ['node_modules/oxlint/bin/oxlint'], timeoutMs: 5 * minuteMs }),
  },
  {
    name: 'format',
    run: (context) =>
      useTool(context, {
        args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', ...formatted],
        timeoutMs: 5 * minuteMs,
      }),
  },
  {
    name: 'abi',
    run: (context) => useTool(context, { args: ['contracts/script/build-abi.ts', '--check'], timeoutMs: 5 * minuteMs }),
  },
  {
    name: 'contracts',
    run: runContracts,
  },
  { name: 'coverage', run: runCoverage },
  // Some integration tests start built entries.
  { name: 'build', run: build },
  { name: 'unit', run: runUnit },
  { name: 'e2e', run: runEndToEnd },
]
