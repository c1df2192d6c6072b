import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sitePaths } from '../../views/site.ts';
import { launchBrowser } from '../support/browser.ts';
import { administrator, root, startServer, type TestServer } from '../support/server.ts';
import { authorizationUrl, newPkce } from '../support/user-agent.ts';
import { expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';

jest.setTimeout(60_000);

/** With DOCS_PICTURES=1 the README's picture is taken anew. */
const takesPictures = process.env.DOCS_PICTURES === '1';

/** A folder to keep pictures of the preview in, for looking at them. */
const pictures = process.env.VIEWS_PICTURES;

let browser: Browser;
let server: TestServer;
let link: string;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer()]);
  const admin = await server.admin();
  const { id } = await admin.post('/users', { userName: 'new@example.com' });
  const issued = await admin.post(`/users/${id}/set-password-link`, {});
  link = String(issued.url ?? issued.link).replace(server.issuer, '');
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(context: BrowserContext, path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The status of the page itself is no complaint about what is in it.
    if (message.type() === 'error' && !/Failed to load resource.*status of 4\d\d/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) complaints.push(`third party: ${request.url()}`);
  });
  await page.goto(new URL(path, server.url).href);
  return { page, complaints };
}

async function expectGood({ page, complaints }: { page: Page; complaints: string[] }): Promise<void> {
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(await page.title()).not.toBe('');
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
}

const strangers: readonly (readonly [string, () => string])[] = [
  ['the start page', () => '/'],
  ['how to connect an app', () => sitePaths.integrate],
  ['the API reference', () => sitePaths.apiReference],
  ['kept mail', () => sitePaths.devMail],
  ['the device page', () => '/device'],
  ['sign-in', () => sitePaths.account],
  ['signing out without a session', () => '/logout'],
  ['an interaction that has expired', () => '/interaction/nothing'],
  ['a page that does not exist', () => '/no-such-page'],
  ['an authorization error', () => '/authorize?client_id=nobody'],
  [
    'a redirect URI that is not registered',
    () => authorizationUrl({ issuer: server.url, clientId: 'nobody', redirectUri: 'https://evil.example' }, newPkce()),
  ],
  ['what a problem means', () => '/problems/not_found'],
  ['choosing a password', () => link],
  ['a link that has been used', () => '/account/set-password?token=not-a-real-token-at-all'],
];

describe.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const)('every page of the running server, $colorScheme, $width px (WCAG 2.2 AA)', ({ colorScheme, width }) => {
  let context: BrowserContext;

  beforeAll(async () => {
    context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  });

  afterAll(async () => {
    await context.close();
  });

  it.each(strangers)('%s', async (_name, path) => {
    const visited = await visit(context, path());

    await expectGood(visited);
    await visited.page.close();
  });

  it('the account pages of someone signed in', async () => {
    const { page, complaints } = await visit(context, sitePaths.account);
    await page.locator('[name=username]').fill(administrator.userName);
    await page.locator('[name=password]').fill(administrator.password);
    await page.locator('[name=password]').press('Enter');
    await page.waitForURL(`${server.url}/account`);
    await expectGood({ page, complaints });
    const links = await page
      .locator('a[href^="/"]')
      .evaluateAll((found) => found.map((one) => one.getAttribute('href')));
    await page.close();

    for (const path of new Set(['/', '/logout', ...links.filter((one) => one?.startsWith('/account'))])) {
      const visited = await visit(context, path ?? '/');
      await expectGood(visited);
      await visited.page.close();
    }
  });
});

/** Contrast at its least: 4.5:1 in places, by both schemes. */
const branding = {
  name: 'Acme Lagerhaltung',
  font: 'serif',
  colors: {
    light: { accent: '#a34700', background: '#fff4e0' },
    dark: { accent: '#ff9a5c', background: '#1d1408' },
  },
  links: {
    terms: 'https://acme.example/terms',
    privacy: 'https://acme.example/privacy',
    help: 'https://acme.example/',
  },
};

describe('issue 5 §12: branded pages, and their preview', () => {
  const LOGO =
    'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';
  beforeAll(async () => {
    await (await server.admin()).call('PUT', '/branding', branding);
  });
  afterAll(async () => {
    await (await server.admin()).call('DELETE', '/branding');
  });

  it.each([
    { colorScheme: 'light', width: 1280 },
    { colorScheme: 'dark', width: 360 },
  ] as const)('$colorScheme, $width px: WCAG 2.2 AA, and the pictures keep to their scheme', async (look) => {
    const { colorScheme, width } = look;
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const signIn = await visit(context, sitePaths.account);
    await expectGood(signIn);
    await signIn.page.locator('[name=username]').fill(administrator.userName);
    await signIn.page.locator('[name=password]').fill(administrator.password);
    await signIn.page.locator('[name=password]').press('Enter');
    await signIn.page.waitForURL(`${server.url}/account`);
    await expectGood(signIn);
    const preview = await visit(context, sitePaths.brandingPreview);
    await preview.page.locator('#branding').fill(JSON.stringify({ ...branding, logo: { light: LOGO } }));
    await preview.page.locator('form:has(#branding) button').click();
    await preview.page.locator('iframe').nth(15).waitFor();

    const grounds = await Promise.all(
      preview.page
        .frames()
        .slice(1)
        .map(async (frame) => frame.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)),
    );
    const logos = await Promise.all(
      preview.page
        .frames()
        .slice(1)
        .map((frame) =>
          frame
            .locator('img')
            .first()
            .evaluate((image) => (image as HTMLImageElement).naturalWidth),
        ),
    );
    if (pictures) {
      // What is beyond the screen is not drawn.
      await preview.page.setViewportSize({ width, height: 5200 });
      await preview.page.waitForTimeout(1500);
      await preview.page.screenshot({ path: join(pictures, `preview-${colorScheme}-${width}.png`), fullPage: true });
    }
    await expectGood(preview);
    await context.close();

    const [light, dark] = ['rgb(255, 244, 224)', 'rgb(29, 20, 8)'];
    expect(grounds).toEqual([0, 1, 2, 3].flatMap(() => [light, light, dark, dark]));
    expect(logos).toEqual(Array(16).fill(2));
  });
});

(takesPictures ? it : it.skip)('takes the picture of the login page for the README', async () => {
  const folder = join(root, 'docs', 'images');
  await mkdir(folder, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 800, height: 680 }, deviceScaleFactor: 2 });
  const { page } = await visit(context, sitePaths.account);

  await page.screenshot({ path: join(folder, 'sign-in.png') });

  await context.close();
});
