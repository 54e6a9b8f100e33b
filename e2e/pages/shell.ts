import type { Locator, Page } from '@playwright/test'

export const pageNames = [
  'Overview',
  'Hardware',
  'Storage',
  'Rendering',
  'Earnings',
  'Wallet',
  'Activity',
  'Settings',
] as const
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

  /** The card that tells which network, and whether it answers, by its `data-state`. */
  network(): Locator {
    return this.window.getByTestId('network')
  }

  /** The one thing that the overview says first: what is going on, or what is in the way. */
  now(): Locator {
    return this.window.getByTestId('now')
  }

  heading(): Locator {
    return this.window.getByRole('main').getByRole('heading', { level: 1 })
  }

  /** Goes to a page with the mouse and waits until it is there: the page itself, not the blocks that keep its place. */
  async open(name: PageName): Promise<void> {
    await this.navigation(name).click()
    await this.navigation(name).and(this.window.locator('[aria-current="page"]')).waitFor()
    const page = this.window.getByRole('main')
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' })
  }
}
