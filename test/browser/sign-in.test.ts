import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { aClient, aPerson, authorizeUrl, password, type TestClient } from '../feature/interaction/a-sign-in.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { type Application, anApplication, expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';

let browser: Browser;
let server: RunningServer;
let application: Application;
let app: TestClient;
let thirdParty: TestClient;
let contexts: BrowserContext[];
let complaints: string[];

beforeAll(async () => {
  [browser, server, application] = await Promise.all([launchBrowser(), startServer(), anApplication()]);
  const redirectUri = application.callbackUrl;
  app = await aClient(server, { firstParty: true, name: 'Orders', redirectUri });
  thirdParty = await aClient(server, { name: 'Order book', redirectUri });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await application.stop();
  await server.stop();
});
beforeEach(() => {
  contexts = [];
  complaints = [];
  application.answers.length = 0;
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
});

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.on('console', (message) => {
    // Chromium reports every answer of 400 and above; the pages that are one say so themselves.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const { host } = new URL(request.url());
    if (host !== new URL(server.issuer).host && host !== new URL(application.callbackUrl).host)
      complaints.push(`third-party request: ${request.url()}`);
  });
  return page;
}

async function fill(page: Page, userName: string, secret = password): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(userName);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const atApplication = (page: Page) => page.waitForURL(`${application.callbackUrl}**`);

const focusOn = (page: Page, name: string) =>
  page.waitForFunction((wanted) => document.activeElement?.getAttribute('name') === wanted, name);

describe('signing in with a real browser', () => {
  it.each([
    ['with script', {}],
    ['without script', { javaScriptEnabled: false }],
    ['on a small screen', { viewport: { width: 360, height: 640 } }],
    ['in the dark', { colorScheme: 'dark' }],
  ] as const)('%s: login, consent, back at the application; CSP and third parties quiet', async (_, options) => {
    const person = await aPerson(server);
    const page = await open(options);

    await page.goto(authorizeUrl(server, thirdParty, { scope: 'openid email' }));
    await expectNoSidewaysScroll(page);
    await fill(page, person.userName);
    await page.getByRole('button', { name: 'Allow', exact: true }).waitFor();
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Allow', exact: true }).click();
    await atApplication(page);

    expect(application.answers).toEqual([{ code: expect.any(String), state: 'a state', iss: server.issuer }]);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'WCAG 2.2 AA in %s: login, its errors, consent, ended, account',
    async (colorScheme) => {
      const person = await aPerson(server);
      const page = await open({ colorScheme });
      await page.goto(authorizeUrl(server, thirdParty, { scope: 'openid email' }));
      await expectAccessible(page);
      await fill(page, person.userName, 'not the password');
      await page.getByRole('alert').waitFor();
      await expectAccessible(page);
      await fill(page, person.userName);
      await page.getByRole('button', { name: 'Allow', exact: true }).waitFor();
      await expectAccessible(page);
      const interaction = page.url();
      await page.getByRole('button', { name: 'Allow', exact: true }).click();
      await atApplication(page);
      await page.goto(interaction);
      await expectAccessible(page);
      await page.goto(`${server.issuer}/account`);
      await expectAccessible(page);
    },
  );

  it('with the keyboard alone, the field in error has the focus and what was typed is there', async () => {
    const person = await aPerson(server);
    const page = await open();
    await page.goto(authorizeUrl(server, app));
    // Browsers give the focus with the first frame, which may come after the page has loaded.
    await focusOn(page, 'username');

    await page.keyboard.type(person.userName);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await focusOn(page, 'password');
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('name'));
    const typed = await page.getByLabel('User name or e-mail').inputValue();
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await atApplication(page);

    expect([focused, typed]).toEqual(['password', person.userName]);
    expect(application.answers[0]?.code).toBeDefined();
  });

  it('a double click on the button signs in once', async () => {
    const person = await aPerson(server);
    const page = await open();
    await page.goto(authorizeUrl(server, app));
    await page.getByLabel('User name or e-mail').fill(person.userName);
    await page.getByLabel('Password').fill(password);

    await page.getByRole('button', { name: 'Sign in', exact: true }).dblclick();
    await atApplication(page);

    expect(application.answers.at(-1)?.code).toBeDefined();
  });

  it('the back button after signing in ends at a page that says so', async () => {
    const person = await aPerson(server);
    const page = await open();
    await page.goto(authorizeUrl(server, app));
    const interaction = page.url();
    await fill(page, person.userName);
    await atApplication(page);

    await page.goBack();
    await page.goto(interaction);

    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This sign-in has ended');
    expect(complaints).toEqual([]);
  });

  it('two tabs: both come back to the application', async () => {
    const person = await aPerson(server);
    const first = await open();
    const second = await first.context().newPage();
    await first.goto(authorizeUrl(server, app, { state: 'first' }));
    await second.goto(authorizeUrl(server, app, { state: 'second' }));

    await fill(first, person.userName);
    await atApplication(first);
    await fill(second, person.userName);
    await atApplication(second);

    expect(application.answers.map(({ state }) => state)).toEqual(['first', 'second']);
  });

  it('OAuth 2.0 Form Post Response Mode: with script by itself, without it by one button; CSP allows the post', async () => {
    const person = await aPerson(server);
    const scripted = await open();
    await scripted.goto(authorizeUrl(server, app, { response_mode: 'form_post' }));
    await fill(scripted, person.userName);
    await atApplication(scripted);
    const plain = await open({ javaScriptEnabled: false });
    await plain.goto(authorizeUrl(server, app, { response_mode: 'form_post' }));
    await fill(plain, person.userName);
    await plain.getByRole('button', { name: 'Continue' }).click();
    await atApplication(plain);

    expect(application.answers.map(({ code, state }) => [typeof code, state])).toEqual([
      ['string', 'a state'],
      ['string', 'a state'],
    ]);
    expect(complaints).toEqual([]);
  });

  it('"Not you?" lets someone else sign in', async () => {
    const person = await aPerson(server, { displayName: 'Ada Archer' });
    const other = await aPerson(server, { displayName: 'Bea Baker' });
    const page = await open();
    await page.goto(authorizeUrl(server, thirdParty, { scope: 'openid email' }));
    await fill(page, person.userName);

    await page.getByRole('button', { name: 'Not you?' }).click();
    await fill(page, other.userName);

    await page.getByText('Bea Baker').waitFor();
    await page.getByRole('button', { name: 'Do not allow' }).click();
    await atApplication(page);
    expect(application.answers).toMatchObject([{ error: 'access_denied' }]);
  });

  it('changing the password and signing out, from the account page', async () => {
    const person = await aPerson(server);
    const page = await open();
    await page.goto(`${server.issuer}/account`);
    await fill(page, person.userName);

    await page.getByLabel('Current password').fill(password);
    await page.getByLabel('New password', { exact: true }).fill('nine badgers count the harvest');
    await page.getByLabel('New password, once more').fill('nine badgers count the harvest');
    await page.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your password has been changed.').waitFor();
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();

    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
