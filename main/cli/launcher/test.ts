import { resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { settleCounts, type Counts, noTests } from './count-tests.ts'
import { startGuard } from './guard.ts'
import { endAllTools } from './run-tool.ts'
import { type Stage, type StageContext, type StageResult, stages } from './test-stages.ts'

const top = resolve(import.meta.dirname, '../../..')
const reassureEveryMs = 30_000

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** A stage that breaks is a stage that failed; the others still run, so that one run tells everything. */
async function attempt(stage: Stage, context: StageContext): Promise<StageResult> {
  try {
    return await stage.run(context)
  } catch (error) {
    return { succeeded: false, output: error instanceof Error ? String(error.stack) : String(error), counts: null }
  }
}

function describe(counts: Counts, tool: boolean): string {
  if (tool) return counts.failed === 0 ? 'ok' : 'FAILED'
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`
}

async function runStage(stage: Stage, context: StageContext): Promise<Counts> {
  const startedMs = performance.now()
  const seconds = () => ((performance.now() - startedMs) / 1_000).toFixed(1)
  const reassure = setInterval(() => say(`${stage.name}: still running after ${seconds()} s`), reassureEveryMs)
  const result = await attempt(stage, context)
  clearInterval(reassure)
  const counts = settleCounts(result.succeeded, result.counts)
  if (counts.failed > 0) say(`\n----- ${stage.name} -----\n${stripVTControlCharacters(result.output).trim()}\n-----`)
  say(`${stage.name}: ${describe(counts, result.counts === null)} (${seconds()} s)`)
  return counts
}

function chosenStages(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    throw new Error(
      `No stage is called ${unknown.join(', ')}. There are: ${stages.map((stage) => stage.name).join(', ')}.`,
    )
  }
  return names.length === 0 ? stages : stages.filter((stage) => names.includes(stage.name))
}

/** `npm test`: runs every stage (or the named ones) and ends in one line that says how many tests passed and failed. */
async function test(names: readonly string[]): Promise<number> {
  const chosen = chosenStages(names)
  const guard = startGuard()
  let total = noTests
  for (const stage of chosen) {
    const counts = await runStage(stage, { top, guard, say })
    total = { passed: total.passed + counts.passed, failed: total.failed + counts.failed, skipped: 0 }
  }
  guard.disarm()
  say(`${total.passed} passed, ${total.failed} failed`)
  return total.failed === 0 ? 0 : 1
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    endAllTools()
    process.exit(code)
  })
}

test(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)
