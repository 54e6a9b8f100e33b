import { join } from 'node:path'
import { acquireLock } from '../../persistence/index.ts'
import type { CustomerContext } from './context.ts'
import { putFile, type PutOptions, type PutSummary } from './put-file.ts'
import { hasSameContent } from './resume/check-content.ts'
import { openPutJournal, type PutJournal, type PutRecord } from './resume/put-journal.ts'
import { createPutNotes } from './resume/put-notes.ts'
import { subjectOfPut } from './resume/put-plan.ts'
import { SourceChangedError, type Source } from './source.ts'

export type ResumablePutOptions = Omit<PutOptions, 'source' | 'notes'> & {
  readonly source: Source
  /** Absolute paths of what is stored: the same paths continue the same put. */
  readonly paths: readonly string[]
  /** Forgets what an earlier try left. */
  readonly fresh: boolean
  /** An earlier try was found and what it had read is unchanged. */
  readonly onContinue?: (found: { readonly begunAtSeconds: number; readonly share: number }) => void
  /** An earlier try was found, but the files have changed since. */
  readonly onChanged?: () => void
  /** Keeps the manifest for good. Until it resolves, the next put of the same paths hands out the same one. */
  writeManifest(manifest: Uint8Array): Promise<void>
}

/**
 * Stores like `putFile`, and after a kill or a cancel at any point continues where it stopped: pieces that providers still keep are not
 * sent again, and nothing that was locked or listed on chain is paid again.
 *
 * Throws what `putFile` throws, and ALREADY_RUNNING while another process stores the same paths.
 */
export async function putResumably(context: CustomerContext, options: ResumablePutOptions): Promise<PutSummary> {
  const { chainId, contracts } = context.chain.network
  const { paths, pathName, source } = options
  const subject = subjectOfPut(context.wallet, { chainId, market: contracts.StorageMarket, paths })
  const lock = acquireLock(join(context.dataDirectory, 'puts', `${subject.slice(0, 16)}.lock`))
  const journal = openPutJournal(context)
  try {
    const earlier = await findEarlier(journal, subject, options)
    const notes = createPutNotes(journal, subject, {
      ...{ paths: [...paths], pathName, earlier },
      fingerprint: source.fingerprint ?? String(source.size),
    })
    const { manifest, summary } = await putFile(context, { ...options, notes })
    await options.writeManifest(manifest)
    journal.forget(subject)
    return summary
  } catch (error) {
    if (error instanceof SourceChangedError) journal.forget(subject)
    throw error
  } finally {
    journal.close()
    lock.release()
  }
}

async function findEarlier(
  journal: PutJournal,
  subject: string,
  options: ResumablePutOptions,
): Promise<PutRecord | null> {
  if (options.fresh) journal.forget(subject)
  const record = journal.read(subject)
  if (record === null) return null
  const { source, signal } = options
  const same =
    record.plan.fingerprint === (source.fingerprint ?? String(source.size)) &&
    record.plan.bytes === source.size &&
    record.plan.pathName === options.pathName &&
    (await hasSameContent(source, record.hashes, { signal }))
  if (!same) {
    options.onChanged?.()
    journal.forget(subject)
    return null
  }
  options.onContinue?.({ begunAtSeconds: record.begunAtSeconds, share: shareOf(record) })
  return record
}

/** Share of the pieces that are placed, in [0, 1]. */
export function shareOf({ plan, placed }: Pick<PutRecord, 'plan' | 'placed'>): number {
  const there = [...placed.values()].reduce((sum, pieces) => sum + Math.min(plan.n, pieces.length), 0)
  return there / (plan.n * plan.secrets.length)
}
