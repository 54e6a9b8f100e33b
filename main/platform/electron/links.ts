import { shell } from 'electron'
import type { linkNames } from '../../api/channels.ts'

type LinkName = (typeof linkNames)[number]

/** The pages that Hearth ever opens. The window names one; it never hands over an address. */
const links: Readonly<Record<LinkName, string>> = {
  project: 'https://hearth.example/',
  security: 'https://hearth.example/security',
  licenses: 'https://hearth.example/licenses',
}

/** Opens one of our own pages in the person's browser. */
export async function openLink(name: LinkName): Promise<void> {
  await shell.openExternal(links[name])
}
