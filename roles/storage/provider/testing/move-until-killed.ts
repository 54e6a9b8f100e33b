import { writeSync } from 'node:fs'
import { silentLog } from '../../../api/values.ts'
import { createMover } from '../disks/mover.ts'
import { openSeveralDisks } from './several-disks.ts'

// A child that stores pieces on two disks and moves everything to and fro between them, saying each root aloud once it is
// acknowledged. Ended from outside.
const open = await openSeveralDisks(process.argv[2] ?? '', ['one', 'two'])
if (open.recoveries.some((report) => report.lost.length > 0)) throw new Error('acknowledged pieces were lost')
const parts = { store: open.store, log: silentLog, allowance: open.allowance, changed: () => undefined }
void createMover(parts).run(new AbortController().signal)
for (let round = 0; ; round++) {
  const [from, to] = round % 2 === 0 ? ['one', 'two'] : ['two', 'one']
  open.setDisk(to!, { leaving: false })
  open.setDisk(from!, { leaving: true })
  for (let piece = 0; piece < 3; piece++) {
    const { rootText } = await open.keep(1 + Math.floor(Math.random() * 300_000))
    writeSync(1, `${rootText}\n`)
  }
  while (open.index.usedOn(open.disk(from!).id()).pieces > 0) await new Promise((done) => setTimeout(done, 5))
}
