import type { Locator, Page } from '@playwright/test'

/** The rendering page as a person uses it. */
export class RenderPage {
  readonly window: Page

  constructor(window: Page) {
    this.window = window
  }

  switch(): Locator {
    return this.window.getByRole('switch', { name: 'Rendering', exact: true })
  }

  consent(): Locator {
    return this.window.getByRole('alertdialog')
  }

  /** How much of the graphics card, inside the consent dialog. */
  share(): Locator {
    return this.consent().getByRole('slider', { name: 'How much of the graphics card' })
  }

  async agree(): Promise<void> {
    await this.consent().getByRole('button', { name: 'Switch on', exact: true }).click()
  }

  async switchOff(): Promise<void> {
    await this.switch().click()
    await this.consent().getByRole('button', { name: 'Switch off', exact: true }).click()
  }

  process(): Locator {
    return this.window.getByTestId('role-process').first()
  }

  earning(): Locator {
    return this.window.getByTestId('role-earning').first()
  }

  /** What is on the easel, by its `data-state`. */
  work(): Locator {
    return this.window.getByTestId('render-work')
  }

  preview(): Locator {
    return this.window.getByTestId('render-preview')
  }

  score(): Locator {
    return this.window.getByTestId('render-score')
  }

  async unitsAccepted(): Promise<number> {
    return Number((await this.window.getByTestId('units-accepted').innerText()).replace(/\D/g, '') || '0')
  }

  async earnedWei(): Promise<bigint> {
    return BigInt((await this.window.getByTestId('earned-total').first().getAttribute('data-wei')) ?? '0')
  }

  /** Different colours in the preview: a picture has many, an empty canvas one. */
  previewColours(): Promise<number> {
    return this.preview().evaluate((element) => {
      const canvas = element as HTMLCanvasElement
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })
  }
}
