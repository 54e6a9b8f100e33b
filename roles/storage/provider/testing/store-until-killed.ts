import { writeSync } from 'node:fs'
import { rootText } from '../piece-root.ts'
import { openTestStore } from './open-test-store.ts'
import { everythingAllowed } from './everything-allowed.ts'
import { randomPiece } from './random-piece.ts'

// A child that stores pieces and says each root aloud once it is acknowledged. Ended from outside.
const open = await openTestStore(process.argv[2] ?? '', () => everythingAllowed)
if (open.recoveries[0]?.lost.length !== 0) throw new Error('acknowledged pieces were lost')
while (true) {
  const piece = randomPiece(1 + Math.floor(Math.random() * 400_000))
  const bytes = (async function* () {
    yield piece.bytes
  })()
  const announced = { root: rootText(piece.root), lengthBytes: piece.bytes.length, customer: `0x${'c'.repeat(40)}` }
  await open.store.store({ ...announced, keepUntilSeconds: 4_000_000_000 }, bytes)
  writeSync(1, `${piece.rootText}\n`)
}
