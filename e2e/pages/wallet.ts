import type { Locator, Page } from '@playwright/test'

/** The wallet page as a person uses it. */
export class WalletPage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  /** One of the things that may hold the key, by its title. */
  holder(title: string): Locator {
    return this.window.getByRole('radio', { name: title })
  }

  deviceState(): Locator {
    return this.window.getByTestId('device-state')
  }

  payout(): Locator {
    return this.window.getByTestId('payout-address')
  }

  /** What the page asks for on every screen while the operator's agreement is missing. */
  authorize(): Locator {
    return this.window.getByTestId('authorize').getByRole('button', { name: 'Review and agree' })
  }

  async balanceWei(): Promise<bigint> {
    return BigInt((await this.window.getByTestId('wallet-balance').getAttribute('data-wei')) ?? '0')
  }
}
