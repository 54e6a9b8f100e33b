import type { Locator, Page } from '@playwright/test'

/** The page about what this machine has to share. */
export class HardwarePage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  disks(): Locator {
    return this.window.getByTestId('disk')
  }
}
