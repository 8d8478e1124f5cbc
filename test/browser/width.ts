import type { Frame, Page } from 'playwright-core'

const tooWide = `[...document.querySelectorAll('.wide')]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ ariaLabel }) => ariaLabel)`

/** The tables of which a part is out of sight until they are moved. */
export async function tablesTooWide(page: Page | Frame): Promise<string[]> {
  return await page.evaluate(tooWide)
}
