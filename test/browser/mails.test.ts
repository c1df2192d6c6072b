import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { allMails } from '../unit/views/mails.ts';
import { accessibilityViolations } from './accessibility.ts';

/** A folder to keep pictures of every mail in, for looking at them. */
const pictures = process.env.VIEWS_PICTURES;
const looks = [
  { colorScheme: 'light', width: 720 },
  { colorScheme: 'dark', width: 720 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 320 },
] as const;

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 120_000);
afterAll(() => browser?.close());

describe.each(looks)('mails, $colorScheme, $width px', ({ colorScheme, width }) => {
  let context: BrowserContext;
  beforeAll(async () => {
    context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, javaScriptEnabled: true });
  });
  afterAll(() => context?.close());

  it.each([...allMails().keys()])('%s: WCAG 2.2 AA, nothing requested, nothing beyond the edge', async (name) => {
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.setContent(allMails().get(name)?.html ?? '');

    const violations = await accessibilityViolations(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (pictures)
      await page.screenshot({ path: join(pictures, `mail-${name}-${colorScheme}-${width}.png`), fullPage: true });
    await page.close();

    expect(violations).toEqual([]);
    expect(requests).toEqual([]);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
