import { type Chain, type CodeVerdict, verifyContracts } from '../../contracts/client/index.ts'

const words: Readonly<Record<Exclude<CodeVerdict, 'same'>, string>> = {
  missing: 'is not there',
  different: 'is not the one of this version of Hearth',
  namesOthers: 'works together with contracts that the network file does not name',
}

/**
 * Compares a network's contracts with this release (PROTOCOL 9.1) and says in plain words what differs; null when nothing
 * does. Rejects when the chain cannot be asked.
 */
export async function explainStrangeContracts(
  chain: Chain,
  options: { readonly signal?: AbortSignal } = {},
): Promise<string | null> {
  const verdicts = Object.entries(await verifyContracts(chain, options))
  const strange = verdicts.flatMap(([name, verdict]) => (verdict === 'same' ? [] : [`${name} ${words[verdict]}`]))
  if (strange.length === 0) return null
  return `The contracts of "${chain.network.name}" differ from what this version knows: ${strange.join('; ')}. They could do anything with what you put into them.`
}
