import type { ReactElement } from 'react'
import { groupAddress, shortenIdentifier } from '../format/identifier.ts'
import { CopyButton } from './copy-button.tsx'

/** An account in full, in groups, with a button that copies it. Never shortened: money may go to it. */
export function Account({ address, copyLabel }: { address: string; copyLabel: string }): ReactElement {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className="font-mono text-sm wrap-anywhere">{groupAddress(address)}</span>
      <CopyButton text={address} label={copyLabel} bare />
    </span>
  )
}

/** A record's mark, shortened for the eye, copied in full. */
export function RecordMark({ hash, copyLabel }: { hash: string; copyLabel: string }): ReactElement {
  return (
    <span className="inline-flex items-center gap-1">
      <span title={hash} className="font-mono text-[0.8125rem]">
        {shortenIdentifier(hash)}
      </span>
      <CopyButton text={hash} label={copyLabel} bare />
    </span>
  )
}
