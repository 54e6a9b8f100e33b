import type { Locator, Page } from '@playwright/test'

/** The earnings page as a person uses it. */
export class EarningsPage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  claim(): Locator {
    return this.window.getByRole('button', { name: 'Claim …' })
  }

  /** Whether the sums of the list agree with the network, by `data-agrees`. */
  agrees(): Locator {
    return this.window.getByTestId('ledger-agrees')
  }

  /** One of the amounts under "Where it is": `earned`, `claimable`, `claimed`, `moved`, … */
  async wei(name: string): Promise<bigint> {
    return BigInt((await this.window.getByTestId(`money-${name}`).getAttribute('data-wei')) ?? '0')
  }
}
