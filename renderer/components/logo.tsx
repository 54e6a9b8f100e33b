import type { ReactElement } from 'react'
import { archPath, flamePath } from './flame.ts'

/** The mark: a flame in its arch. */
export function Logo({ className }: { className?: string }): ReactElement {
  return (
    <svg viewBox="0 0 280 300" aria-hidden="true" className={className}>
      <path d={archPath} className="fill-hearth stroke-[#7a6150]" strokeWidth="14" />
      <path d={flamePath} fill="#f07a35" />
      <path d={flamePath} fill="#ffd494" transform="translate(77 154) scale(0.45)" />
    </svg>
  )
}
