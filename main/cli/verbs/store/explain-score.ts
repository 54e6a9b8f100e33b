import type { ExplainedMiss } from '../../../../roles/storage/customer/explain-misses.ts'
import type { JudgedProvider } from '../../../../roles/storage/customer/read-reputations.ts'

type Judged = Pick<JudgedProvider, 'reasons' | 'drop'>

const words: Readonly<Record<Judged['reasons'][number]['name'], string>> = {
  proofs: 'proofs',
  age: 'time here',
  stake: 'stake',
  ownAudits: 'your audits',
  othersAudits: "others' audits",
  downloads: 'downloads',
  speed: 'speed',
  refusals: 'refused downloads',
  jointDowntime: 'away with others',
  exits: 'how sets ended',
}

/** The reasons that moved a score away from 50, the heaviest first. */
export function explainScore({ reasons, drop }: Judged): string {
  const moved = reasons
    .filter(({ points }) => points !== 0)
    .toSorted((left, right) => Math.abs(right.points) - Math.abs(left.points))
    .map(({ name, points }) => `${points > 0 ? '+' : ''}${points} ${words[name]}`)
  const why = moved.length === 0 ? 'nothing known yet' : moved.join(', ')
  return drop ? `${why}; refuses downloads, give its pieces to others` : why
}

/** Why the newest period has no proof, in words. */
export function explainMiss({ period, why }: ExplainedMiss): string {
  switch (why) {
    case 'void':
      return `period ${period} counts for nobody, the network was late`
    case 'silent':
      return `no proof in period ${period}, when it did not answer`
    case 'lost':
      return `no proof in period ${period}, when it could not show its bytes`
    case 'answered':
      return `no proof in period ${period}, although it answered then`
    case 'unknown':
      return `no proof in period ${period}, nobody asked it then`
  }
}
