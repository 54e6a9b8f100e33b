/** How many tests a stage ran. `skipped` ones are told but count neither way. */
export type Counts = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0 }

function add(counts: Counts, outcome: keyof Counts): Counts {
  return { ...counts, [outcome]: counts[outcome] + 1 }
}

type ForgeReport = Record<string, { test_results?: Record<string, { status: string; reason?: string | null }> }>

/** The report is one line among what the compiler says. */
function forgeReport(text: string): ForgeReport {
  const line = text.split('\n').find((candidate) => candidate.startsWith('{'))
  return JSON.parse(line ?? '{}') as ForgeReport
}

/** What a person needs of a report of `forge test --json`: the failed tests with their reasons, and whatever is no report. */
export function explainForge(text: string): string {
  const failures = Object.entries(forgeReport(text)).flatMap(([contract, { test_results: results = {} }]) =>
    Object.entries(results)
      .filter(([, { status }]) => status === 'Failure')
      .map(([test, { reason }]) => `${contract} ${test}: ${reason ?? 'failed'}`),
  )
  const others = text.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  return [...others, ...failures].join('\n')
}

/** Reads the report of `forge test --json`: one entry per test contract. */
export function countForge(text: string): Counts {
  const report = forgeReport(text)
  const results = Object.values(report).flatMap((contract) => Object.values(contract.test_results ?? {}))
  return results.reduce(
    (counts, { status }) => add(counts, status === 'Success' ? 'passed' : status === 'Skipped' ? 'skipped' : 'failed'),
    noTests,
  )
}

type VitestReport = {
  testResults?: { status?: string; assertionResults?: { status: string }[] }[]
}

/** Reads vitest's JSON report. A file that could not even be loaded has no tests in it and counts as one failure. */
export function countVitest(text: string): Counts {
  const files = (JSON.parse(text) as VitestReport).testResults ?? []
  return files.reduce((counts, file) => {
    const tests = file.assertionResults ?? []
    if (tests.length === 0 && file.status === 'failed') return add(counts, 'failed')
    return tests.reduce(
      (sum, { status }) => add(sum, status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped'),
      counts,
    )
  }, noTests)
}

type PlaywrightReport = { stats?: { expected?: number; unexpected?: number; flaky?: number; skipped?: number } }

/** Reads Playwright's JSON report; a test that needed a second try counts as failed. */
export function countPlaywright(text: string): Counts {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = (JSON.parse(text) as PlaywrightReport).stats ?? {}
  return { passed: expected, failed: unexpected + flaky, skipped }
}

/**
 * What a stage contributes. A tool without tests of its own counts as one; a test run that ended badly without naming a failed
 * test, or that found no tests at all, counts as one failure: silence must not look like success.
 */
export function settleCounts(succeeded: boolean, counts: Counts | null): Counts {
  if (counts === null) return add(noTests, succeeded ? 'passed' : 'failed')
  const silent = counts.failed === 0 && (!succeeded || counts.passed === 0)
  return silent ? add(counts, 'failed') : counts
}
