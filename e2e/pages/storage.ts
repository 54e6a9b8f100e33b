import { expect, type Locator, type Page } from '@playwright/test'

/** The storage page as a person uses it. */
export class StoragePage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  switch(): Locator {
    return this.window.getByRole('switch', { name: 'Storage', exact: true })
  }

  consent(): Locator {
    return this.window.getByRole('alertdialog')
  }

  process(): Locator {
    return this.window.getByTestId('role-process').first()
  }

  earning(): Locator {
    return this.window.getByTestId('role-earning').first()
  }

  pieces(): Locator {
    return this.window.getByTestId('pieces-total').first()
  }

  /** Space to lend, in gigabytes, inside the consent dialog. */
  limit(): Locator {
    return this.consent().getByRole('textbox', { name: 'Space to lend' })
  }

  async agree(): Promise<void> {
    await this.consent().getByRole('button', { name: 'Switch on', exact: true }).click()
  }

  /** Switches on with the mouse: the switch, then the agreement to what is suggested. */
  async switchOn(): Promise<void> {
    await this.switch().click()
    await this.agree()
  }

  async earnedWei(): Promise<bigint> {
    return BigInt((await this.window.getByTestId('earned-total').first().getAttribute('data-wei')) ?? '0')
  }

  async pieceCount(): Promise<number> {
    return Number((await this.pieces().innerText()).replace(/\D/g, '') || '0')
  }

  /** One disk of the role: `home`, or its path. */
  disk(path: string): Locator {
    return this.window.locator(`[data-testid="disk"][data-path="${path}"]`)
  }

  stateOf(disk: Locator): Locator {
    return disk.getByTestId('disk-state')
  }

  async usedOn(disk: Locator): Promise<number> {
    return Number((await disk.getByTestId('disk-used').getAttribute('data-bytes')) ?? '0')
  }

  /** Adds a folder as a disk, with the mouse and by typing its path. */
  async addDisk(folder: string, gigabytes: string): Promise<void> {
    await this.window.getByRole('button', { name: 'Add a disk' }).click()
    await this.consent().getByText('Another folder').click()
    await this.consent().getByRole('textbox', { name: 'Full path of the folder' }).fill(folder)
    await this.consent()
      .getByRole('textbox', { name: /Space to lend/ })
      .fill(gigabytes)
    await this.consent().getByRole('button', { name: 'Add', exact: true }).click()
  }

  /** Says that a disk never comes back, and confirms what it means. */
  async loseDisk(disk: Locator): Promise<void> {
    await disk.getByRole('button', { name: 'It never comes back' }).click()
    await expect(this.consent()).toContainText('0 pieces of 0 customers would be lost')
    await this.consent().getByRole('button', { name: 'Give it up', exact: true }).click()
  }

  /** Moves all pieces of a disk to another one that is in use. */
  async moveFrom(disk: Locator, to: string): Promise<void> {
    await disk.getByRole('button', { name: 'Move pieces' }).click()
    await this.consent().getByText(to).click()
    await this.consent().getByRole('button', { name: 'Move', exact: true }).click()
  }
}
