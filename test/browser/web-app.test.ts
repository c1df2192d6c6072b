import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { queryOn } from '../support/tables.ts';
import { expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';
import { alice, bob, type Examples, startExamples } from './examples.ts';

jest.setTimeout(60_000);

let browser: Browser;
let examples: Examples;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  [browser, examples] = await Promise.all([launchBrowser(), startExamples()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await examples?.stop();
});

beforeEach(async () => {
  await open({});
});

afterEach(async () => {
  await context.close();
});

async function open(options: Parameters<Browser['newContext']>[0]): Promise<void> {
  await context?.close();
  context = await browser.newContext(options);
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
}

async function enter({ userName, password }: typeof alice | typeof bob): Promise<void> {
  await page.locator('[name=username]').fill(userName);
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password]').press('Enter');
}

const approve = () => page.locator('[name=decision][value=approve]').click();

describe('the example web app in a real browser (issue item 9)', () => {
  it('signs in with consent, shows roles and groups, and signs out', async () => {
    await page.goto(examples.web);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await expectAccessible(page);
    await enter(alice);
    await page.getByText('Example web app').first().waitFor();
    await expectAccessible(page);
    const consent = await page.locator('main').innerText();
    await approve();

    await page.waitForURL(`${examples.web}/`);
    const name = await page.locator('#name').innerText();
    const roles = await page.locator('#roles').innerText();
    const groups = await page.locator('#groups').innerText();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectAccessible(page);
    await page.locator('[name=logout][value=yes]').click();
    await page.waitForURL(`${examples.web}/`);

    expect(consent).toContain('Example web app');
    expect(name).toBe('Alice Archer');
    expect(roles.split(', ').sort()).toEqual(['order-clerk', 'order-reader']);
    expect(groups).toBe('Sales');
    expect(await page.locator('main').innerText()).toContain('You are not signed in');
  });

  it('consent is remembered, and the session too: the second sign-in asks nothing', async () => {
    await page.goto(`${examples.web}/login`);
    await enter(bob);
    await approve();
    await page.waitForURL(`${examples.web}/`);
    await context.clearCookies({ name: 'example_session' });

    await page.goto(`${examples.web}/login`);

    await page.waitForURL(`${examples.web}/`);
    expect(await page.locator('#name').innerText()).toBe('Bob Baker');
  });

  it('DESIGN §8: a refused consent goes back to the app as access_denied, and is not remembered', async () => {
    const url = await examples.server.databaseUrl();
    await queryOn(url, 'DELETE FROM consents');
    await page.goto(`${examples.web}/login`);
    await enter(bob);
    await page.locator('[name=decision][value=deny]').click();
    await page.getByText('Sign-in did not work').waitFor();

    await page.goto(`${examples.web}/login`);

    await page.locator('[name=decision][value=approve]').waitFor();
    expect(await queryOn(url, 'SELECT * FROM consents')).toEqual([]);
  });

  it('a wrong password keeps the user name, tells nothing more, and gives the field the focus', async () => {
    await page.goto(`${examples.web}/login`);
    await enter({ ...alice, password: 'nine herons watch the harbour' } as never);
    await page.getByRole('alert').waitFor();

    expect(await page.locator('[name=username]').inputValue()).toBe(alice.userName);
    expect(await page.locator('[name=password]').inputValue()).toBe('');
    expect(await page.title()).toMatch(/^Error/);
    await expectAccessible(page);
  });

  it('works with the keyboard alone', async () => {
    await queryOn(await examples.server.databaseUrl(), 'DELETE FROM consents');
    await page.goto(`${examples.web}/login`);
    await tabTo('[name=username]');
    await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'username');
    await page.keyboard.type(alice.userName);
    await tabTo('[name=password]');
    await page.keyboard.type(alice.password);
    await page.keyboard.press('Enter');
    await page.locator('[name=decision]').first().waitFor();
    await tabTo('[name=decision][value=approve]');
    await page.keyboard.press('Enter');

    await page.waitForURL(`${examples.web}/`);
    expect(await page.locator('#name').innerText()).toBe('Alice Archer');
  });

  it.each([
    ['without JavaScript', { javaScriptEnabled: false }],
    ['on a screen 360 px wide', { viewport: { width: 360, height: 640 } }],
    ['dark', { colorScheme: 'dark' as const }],
  ])('signs in and consents %s', async (_name, options) => {
    await queryOn(await examples.server.databaseUrl(), 'DELETE FROM consents');
    await open(options);
    await page.goto(`${examples.web}/login`);
    if (!('javaScriptEnabled' in options)) {
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await enter(alice);
    await page.locator('[name=decision]').first().waitFor();
    if (!('javaScriptEnabled' in options)) {
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
    await approve();

    await page.waitForURL(`${examples.web}/`);
    expect(await page.locator('#name').innerText()).toBe('Alice Archer');
  });

  it('the service gets a token and reads from the API', async () => {
    const { code, output } = await examples.runService();

    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('Brass hinge') });
    expect(output).toContain('scope "orders:read"');
  });
});

async function tabTo(selector: string): Promise<void> {
  for (let count = 0; count < 30; count += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with the Tab key`);
}
