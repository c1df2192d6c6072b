import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { allPages } from '../unit/views/pages.tsx';
import { accessibilityViolations } from './accessibility.ts';
import type { PagesServer } from './pages-server.ts';
import { servePages } from './pages-server.ts';

const looks = [
  { colorScheme: 'light', width: 1280, language: 'en' },
  { colorScheme: 'dark', width: 1280, language: 'en' },
  { colorScheme: 'light', width: 360, language: 'en' },
  { colorScheme: 'dark', width: 320, language: 'en' },
  { colorScheme: 'light', width: 360, language: 'ar' },
] as const;

/** A folder to keep pictures of every page in, for looking at them. */
const pictures = process.env.VIEWS_PICTURES;

let server: PagesServer;
let browser: Browser;

beforeAll(async () => {
  server = await servePages();
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** One page in which all others are opened, one after the other. */
async function aPage(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options);
  // The page that posts itself is looked at before it goes.
  await context.route('**/assets/submit.js*', (route) => route.fulfill({ body: '' }));
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(server.origin)) complaints.push(`third party: ${request.url()}`);
  });
  return { page, complaints };
}

describe.each(looks)('WCAG 2.2 AA, $colorScheme, $width px, in $language', ({ colorScheme, width, language }) => {
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    ({ page, complaints } = await aPage({ colorScheme, viewport: { width, height: 800 } }));
  });

  afterAll(() => page?.context().close());

  it.each([...allPages().keys()])('%s', async (name) => {
    await page.goto(`${server.origin}/${name}?lang=${language}`);

    const violations = await accessibilityViolations(page);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (pictures)
      await page.screenshot({
        path: join(pictures, `${name}-${colorScheme}-${width}-${language}.png`),
        fullPage: true,
      });

    expect(violations).toEqual([]);
    expect(complaints.splice(0)).toEqual([]);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

/** Everything a person can do on the page, in its order; of long pages the beginning. */
const CONTROLS = `[...document.querySelectorAll('a[href], button, input:not([type=hidden], [type=radio]), select, textarea, summary')]
  .filter((one) => !one.disabled && one.checkVisibility()).slice(0, 60)`;

/** Where the focus is: which control, whether that is seen, and whether it is on the screen. */
const FOCUS = `(() => {
  const { activeElement: one } = document;
  const { top, bottom } = one.getBoundingClientRect();
  const isSeen = getComputedStyle(one).outlineStyle !== 'none' && bottom > 0 && top < innerHeight;
  return { index: ${CONTROLS}.indexOf(one), isSeen, html: one.outerHTML.slice(0, 200) };
})()`;

type Focus = { readonly index: number; readonly isSeen: boolean; readonly html: string };

describe('by keyboard alone (WCAG 2.2 §2.1.1, §2.1.2, §2.4.7)', () => {
  let page: Page;

  beforeAll(async () => {
    ({ page } = await aPage({ viewport: { width: 1280, height: 800 } }));
  });

  afterAll(() => page?.context().close());

  it.each([...allPages().keys()])(
    '%s: Tab leads to everything that can be done, is never caught, and is always seen',
    async (name) => {
      await page.goto(`${server.origin}/${name}`);
      const count: number = await page.evaluate(`${CONTROLS}.length`);
      const reached = new Set<number>();
      const unseen: string[] = [];

      // Scrollable parts take the focus as well, and a field may have had it from the start.
      for (let presses = 0; presses < count * 2 + 5 && reached.size < count; presses += 1) {
        await page.keyboard.press('Tab');
        const focus: Focus = await page.evaluate(FOCUS);
        if (focus.index >= 0) reached.add(focus.index);
        if (focus.index >= 0 && !focus.isSeen) unseen.push(focus.html);
      }

      expect(reached.size).toBe(count);
      expect(unseen).toEqual([]);
    },
  );
});

describe('forms in a browser', () => {
  it('Form Post Response Mode: the page posts itself, even with a field named submit', async () => {
    const context = await browser.newContext();
    const posted = new Promise<string | null>((resolve) => {
      void context.route('https://orders.example.com/**', (route) => {
        resolve(route.request().postData());
        return route.fulfill({ body: 'received' });
      });
    });
    const page = await context.newPage();

    await page.goto(`${server.origin}/form-post`);

    expect(new URLSearchParams((await posted) ?? '').get('code')).toBe('a code');
    await context.close();
  });

  it('Enter in the last field presses the first button, not Cancel; the wrong field has the focus', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.origin}/login-wrong`);
    // Browsers give the focus with the first frame, which may come after the page has loaded.
    await page.waitForFunction(() => document.activeElement !== document.body);
    const focused = await page.evaluate(() => document.activeElement?.id);
    const sent = page.waitForRequest((request) => request.method() === 'POST');

    await page.keyboard.type('seven otters');
    await page.keyboard.press('Enter');

    const body = new URLSearchParams((await sent).postData() ?? '');
    expect(focused).toBe('password');
    expect([body.get('username'), body.get('password'), body.get('cancel')]).toEqual([
      'alice@example.com',
      'seven otters',
      null,
    ]);
    await context.close();
  });

  it.each(['consent', 'device-confirm'])('%s works without JavaScript: the first button approves', async (name) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${server.origin}/${name}`);
    const sent = page.waitForRequest((request) => request.method() === 'POST');

    await page.locator('form:has([name=decision]) button').first().click();

    expect(new URLSearchParams((await sent).postData() ?? '').get('decision')).toBe('approve');
    await context.close();
  });
});
