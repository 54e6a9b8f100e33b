import { t } from './message.ts'

/** What a person calls a disk: a bare root says little, so it is named; everything else is known by its mount. */
export function diskName(mount: string): string {
  return mount === '/' ? t('hardware.disk.system', { mount }) : mount
}
