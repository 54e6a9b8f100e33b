import type { Locator, Page } from '@playwright/test'

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
    return this.window.getByRole('dialog')
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

  /** Switches on with the mouse: the switch, then the agreement. */
  async switchOn(): Promise<void> {
    await this.switch().click()
    await this.consent().getByRole('button', { name: 'Switch on', exact: true }).click()
  }

  async pieceCount(): Promise<number> {
    return Number((await this.pieces().innerText()).replace(/\D/g, '') || '0')
  }
}
