import { execFileSync } from 'node:child_process'
import { silentLog } from '../../../roles/api/values.ts'
import { startPractice } from '../start-practice.ts'
import { sourcePlatform } from './practice-home.ts'

/** A process that owns a practice network, for tests that kill it; tells the ids of all its descendants. */
const homeDirectory = process.argv[2]!
await startPractice({ homeDirectory, platform: sourcePlatform(), neighbours: 2, customer: false, log: silentLog })
process.send?.({ pids: descendants(process.pid) })

function descendants(root: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const found: number[] = []
  let parents = [root]
  while (parents.length > 0) {
    const children = rows.filter(([, parent, name]) => parents.includes(Number(parent)) && name !== 'ps')
    parents = children.map(([pid]) => Number(pid))
    found.push(...parents)
  }
  return found
}
