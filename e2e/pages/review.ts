import type { Locator, Page } from '@playwright/test'

/** The one dialog in which the operator agrees to something, with the practice Ledger beside it. */
export class ReviewPage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  dialog(): Locator {
    return this.window.getByRole('alertdialog')
  }

  /** Where the consent stands, as `data-step`. */
  step(): Locator {
    return this.dialog().getByTestId('consent-step')
  }

  notHardware(): Locator {
    return this.dialog().getByTestId('not-hardware')
  }

  /** What the dialog shows, page by page and line by line. */
  async shownPages(): Promise<readonly (readonly string[])[]> {
    const pages = await this.dialog().getByTestId('device-pages').locator('li').all()
    return Promise.all(pages.map((page) => page.locator('div p').allInnerTexts()))
  }

  device(): Locator {
    return this.dialog().getByTestId('practice-device')
  }

  deviceScreen(): Locator {
    return this.device().getByTestId('practice-screen')
  }

  async deviceLines(): Promise<readonly string[]> {
    return this.deviceScreen().locator('p').allInnerTexts()
  }

  async press(button: string): Promise<void> {
    await this.device().getByRole('button', { name: button, exact: true }).click()
  }

  /** Hands the reviewed words to the device and waits until it asks: a question has more than one page. */
  async sendToDevice(): Promise<void> {
    await this.send().click()
    await this.device()
      .getByText(/^Page 1 of (?!1$)/)
      .waitFor()
  }

  /** What hands it to the device, as a text or as a transaction. */
  send(): Locator {
    return this.dialog().getByRole('button', { name: 'Send to the device' })
  }

  /** What a transaction means, before anything goes to the device. */
  transaction(): Locator {
    return this.dialog().getByTestId('review-transaction')
  }

  /** Turns all pages of the touch screen by its own button; returns every line that was on it until it could be confirmed. */
  async readToTheEnd(): Promise<readonly string[]> {
    const next = this.device().getByRole('button', { name: 'Next', exact: true })
    const read = [...(await this.deviceLines())]
    for (let page = 2; await next.isVisible(); page++) {
      await next.click()
      await this.device().getByText(`Page ${page} of`).waitFor()
      read.push(...(await this.deviceLines()))
    }
    return read
  }

  /**
   * Turns the pages of the screen with two buttons by the right one, up to the page on which both agree; returns each page that
   * was read before it.
   */
  async readWithTwoButtons(): Promise<readonly (readonly string[])[]> {
    const count = Number(
      (
        await this.device()
          .getByText(/^Page 1 of/)
          .innerText()
      ).split(' of ')[1],
    )
    const read: (readonly string[])[] = []
    // Last come the page to agree on and the page to refuse on.
    for (let page = 1; page < count - 1; page++) {
      read.push(await this.deviceLines())
      await this.press('Right')
      await this.device()
        .getByText(`Page ${page + 1} of`)
        .waitFor()
    }
    return read
  }

  /** Switches blind signing of the practice Ledger, in its settings beside the review. */
  async toggleBlindSigning(): Promise<void> {
    const settings = this.dialog().getByText('Settings of the practice Ledger')
    const toggle = this.dialog().getByRole('switch', { name: 'Blind signing' })
    if (!(await toggle.isVisible())) await settings.click()
    await toggle.click()
  }

  async close(): Promise<void> {
    await this.dialog().getByRole('button', { name: 'Close', exact: true }).click()
    await this.dialog().waitFor({ state: 'hidden' })
  }
}
