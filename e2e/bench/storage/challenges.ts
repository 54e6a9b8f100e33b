import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hexlify, randomBytes } from 'ethers'
import { openDatabase } from '../../../roles/persistence/index.ts'
import { hashtreeHasher } from '../../../roles/storage/customer/hashtree-hasher.ts'
import { PieceTreeBuilder } from '../../../roles/storage/protocol/piece-tree.ts'
import { blockBytes, leafCountOf } from '../../../roles/storage/protocol/tree-shape.ts'
import { answerChallenges } from '../../../roles/storage/provider/answer-challenges.ts'
import { createPieceFiles } from '../../../roles/storage/provider/piece-files.ts'
import { createPieceIndex, providerMigrations, type SetPiece } from '../../../roles/storage/provider/piece-index.ts'
import { rootText } from '../../../roles/storage/provider/piece-root.ts'
import { readVerifiedBlocks } from '../../../roles/storage/provider/read-blocks.ts'
import type { PieceStore } from '../../../roles/storage/provider/piece-store.ts'
import { measure, report, rounded } from './report.ts'

const pieceCount = 64
const pieceBytes = 16 * 1024 * 1024
const customer = '0x00000000000000000000000000000000000000c1'

/** A provider's answer to a period: five challenges over a set of 1 GiB, from its real files and its real index. */
export async function benchChallenges(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hearth-bench-'))
  const database = openDatabase(join(directory, 'storage.sqlite'), providerMigrations)
  try {
    const files = createPieceFiles(directory)
    await files.prepare()
    const index = createPieceIndex(database)
    const pieces: SetPiece[] = []
    for (let number = 0; number < pieceCount; number++) pieces.push(await storePiece(files, index, number))
    let readBytes = 0
    const readBlocks: PieceStore['readBlocks'] = async (root, firstBlock, blockCount) => {
      readBytes += blockCount * blockBytes
      const handle = await files.openPiece(root)
      try {
        return await readVerifiedBlocks(handle, index.piece(root)!, firstBlock, blockCount)
      } finally {
        await handle.close()
      }
    }
    const store = { index, readBlocks, whyUnreadable: (): null => null } as unknown as PieceStore
    const leafCount = pieceCount * leafCountOf(pieceBytes)
    let period = 1
    const answer = () =>
      answerChallenges(store, {
        seed: hexlify(randomBytes(32)),
        setId: hexlify(randomBytes(32)),
        period: period++,
        leafCount,
        pieces,
      })
    const { medianMs, p95Ms, runs } = await measure(20, answer)
    const read = readBytes / (runs + 1)
    const figure = `five challenges over ${pieceCount} pieces of 16 MiB`
    report({
      figure: `${figure}, time`,
      value: medianMs,
      unit: 'ms',
      target: { atMost: 100 },
      details: { p95: rounded(p95Ms), runs },
    })
    report({ figure: `${figure}, read`, value: read / 1024 / 1024, unit: 'MiB', target: { atMost: 5 } })
  } finally {
    database.close()
    await rm(directory, { recursive: true, force: true })
  }
}

async function storePiece(
  files: ReturnType<typeof createPieceFiles>,
  index: ReturnType<typeof createPieceIndex>,
  number: number,
): Promise<SetPiece> {
  const piece = new Uint8Array(pieceBytes).fill(number)
  new DataView(piece.buffer).setUint32(number * 4, number + 1)
  const tree = new PieceTreeBuilder(hashtreeHasher)
  tree.update(piece)
  const { root, blockLayer, leafCount } = tree.digest()
  const name = rootText(root)
  const incoming = await files.receive()
  await incoming.write(piece)
  await incoming.keep(name)
  index.addPiece({ root: name, lengthBytes: pieceBytes, blockLayer, disk: 'bench' }, customer, 2 ** 40, Date.now())
  return {
    index: number,
    root: name,
    lengthBytes: pieceBytes,
    firstLeaf: number * leafCount,
    leafCount,
    removed: false,
  }
}
