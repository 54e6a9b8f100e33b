import type { ReactElement } from 'react'
import { archPath, flamePath } from './flame.ts'

export type HearthArchProps = {
  readonly heat: 'glowing' | 'banked' | 'cold'
  readonly label: string
  /** Changes with every accepted work; each change lets the fire flare up. */
  readonly flare?: number | null
  readonly className?: string
}

/** The hearth itself: burning while the machine earns, coals while it is ready, cold when nothing runs. */
export function HearthArch({ heat, label, flare = null, className }: HearthArchProps): ReactElement {
  return (
    <svg viewBox="0 0 280 300" role="img" aria-label={label} data-heat={heat} className={className}>
      <defs>
        <radialGradient id="hearth-glow" cx="0.5" cy="0.92" r="0.75">
          <stop offset="0" stopColor="#ff8a3c" stopOpacity="0.95" />
          <stop offset="0.45" stopColor="#b4420f" stopOpacity="0.55" />
          <stop offset="1" stopColor="#2a120a" stopOpacity="0" />
        </radialGradient>
      </defs>
      <path
        d="M20 292 V148 A120 120 0 0 1 260 148 V292"
        fill="none"
        stroke="#5a4638"
        strokeWidth="26"
        strokeDasharray="36 3.5"
      />
      <path
        d="M20 292 V148 A120 120 0 0 1 260 148 V292"
        fill="none"
        stroke="#6f5848"
        strokeWidth="10"
        strokeDasharray="36 3.5"
        opacity="0.45"
      />
      <path d={archPath} fill="#0e0907" />
      {heat !== 'cold' && (
        <path d={archPath} fill="url(#hearth-glow)" className="glow" opacity={heat === 'banked' ? 0.5 : 1} />
      )}
      <Logs />
      {heat === 'glowing' && <Fire key={flare} />}
      {heat !== 'cold' && <Coals />}
      <rect x="4" y="286" width="272" height="12" rx="4" fill="#5a4638" />
    </svg>
  )
}

function Logs(): ReactElement {
  return (
    <g>
      <rect x="72" y="256" width="136" height="20" rx="10" fill="#4a3426" />
      <rect x="72" y="256" width="136" height="20" rx="10" fill="#3a281d" transform="rotate(-13 140 266)" />
      <circle cx="198" cy="266" r="7" fill="#6b4d38" />
      <circle cx="198" cy="266" r="3" fill="#4a3426" />
    </g>
  )
}

function Fire(): ReactElement {
  const sparks = [
    [112, 190],
    [164, 176],
    [138, 150],
    [182, 206],
    [98, 220],
  ] as const
  return (
    <g>
      <path d={flamePath} fill="#e2571e" className="flame" />
      <g transform="translate(46 90) scale(0.68)">
        <path d={flamePath} fill="#ff9a3d" className="flame flame-middle" />
      </g>
      <g transform="translate(82 165) scale(0.41)">
        <path d={flamePath} fill="#ffe0a3" className="flame flame-inner" />
      </g>
      {sparks.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="2.2" fill="#ffc27a" className="spark" />
      ))}
    </g>
  )
}

function Coals(): ReactElement {
  const coals = [
    [96, 278, 13],
    [122, 281, 15],
    [150, 279, 14],
    [178, 281, 13],
    [138, 272, 9],
  ] as const
  return (
    <g>
      {coals.map(([x, y, radius]) => (
        <ellipse key={x} cx={x} cy={y} rx={radius} ry={radius * 0.55} fill="#ff7a2b" className="coal" />
      ))}
    </g>
  )
}
