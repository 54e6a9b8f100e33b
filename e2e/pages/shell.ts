import type { Locator, Page } from '@playwright/test'

export const pageNames = ['Overview', 'Hardware', 'Storage', 'Activity', 'Settings'] as const
export type PageName = (typeof pageNames)[number]

/** What is the same on every page of the window: the ways to the others. */
export class Shell {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  navigation(name: PageName): Locator {
    return this.window.getByRole('navigation').getByRole('link', { name, exact: true })
  }

  heading(): Locator {
    return this.window.getByRole('main').getByRole('heading', { level: 1 })
  }

  /** Goes to a page with the mouse and waits until it is there. */
  async open(name: PageName): Promise<void> {
    await this.navigation(name).click()
    await this.navigation(name).and(this.window.locator('[aria-current="page"]')).waitFor()
  }
}
