import type { CustomerContext } from './context.ts'
import { shareOf } from './put-resumably.ts'
import { openPutJournal } from './resume/put-journal.ts'

/** A put that did not come to its end. */
export type UnfinishedPut = {
  /** Names it for `forgetPut`. */
  readonly id: string
  readonly pathName: string
  readonly paths: readonly string[]
  readonly bytes: number
  readonly begunAtSeconds: number
  /** Share of the pieces that were placed, in [0, 1]; providers keep them for some hours only. */
  readonly share: number
  /** True when something of it was paid: then it is worth finishing. */
  readonly payingBegan: boolean
}

/** Characters of a subject that name it. */
const idLength = 12

/** Unfinished puts of this home, oldest first. */
export function listPuts(context: Pick<CustomerContext, 'dataDirectory' | 'wallet'>): UnfinishedPut[] {
  const journal = openPutJournal(context)
  try {
    return journal.subjects().flatMap((subject) => {
      const record = journal.read(subject)
      if (record === null) return []
      const { pathName, paths, bytes } = record.plan
      const { begunAtSeconds } = record
      const payingBegan = record.locks.size > 0
      return [
        { id: subject.slice(0, idLength), pathName, paths, bytes, begunAtSeconds, share: shareOf(record), payingBegan },
      ]
    })
  } finally {
    journal.close()
  }
}

/** Forgets an unfinished put; false when there is none of that id. Its pieces end at their providers by themselves. */
export function forgetPut(context: Pick<CustomerContext, 'dataDirectory' | 'wallet'>, id: string): boolean {
  const journal = openPutJournal(context)
  try {
    const found = journal.subjects().filter((subject) => id.length >= idLength && subject.startsWith(id))
    return found.map((subject) => journal.forget(subject)).includes(true)
  } finally {
    journal.close()
  }
}
