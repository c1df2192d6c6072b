import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { alice, bob, type Examples, startExamples } from './examples.ts';

jest.setTimeout(60_000);

let browser: Browser;
let examples: Examples;
let context: BrowserContext;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  [browser, examples] = await Promise.all([launchBrowser(), startExamples()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await examples?.stop();
});

beforeEach(async () => {
  context = await browser.newContext();
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/favicon/.test(message.location().url)) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
});

afterEach(async () => {
  await context.close();
});

async function signIn({ userName, password }: typeof alice | typeof bob): Promise<void> {
  await page.goto(`${examples.spa}/`);
  await page.locator('#sign-in').click();
  await page.locator('[name=username]').fill(userName);
  await page.locator('[name=password]').fill(password);
  await page.locator('[name=password]').press('Enter');
  await page.locator('#sign-out').waitFor();
}

async function press(id: string, becomes: RegExp): Promise<string> {
  await page.locator(`#${id}`).click();
  await page.locator('#result', { hasText: becomes }).waitFor();
  return page.locator('#result').innerText();
}

/** What the page holds for its API. */
async function accessToken(): Promise<string> {
  const stored = await page.evaluate(() =>
    Object.values(sessionStorage).find((value) => value.includes('access_token')),
  );
  return String(JSON.parse(stored ?? '{}').access_token);
}

describe('the example single-page app in a real browser (issue item 9)', () => {
  it('signs in with oidc-client-ts, renews by refresh token, calls the API, and signs out', async () => {
    await signIn(alice);
    const status = await page.locator('#status').innerText();
    const renewed = await press('renew', /token/i);
    const called = await press('call', /\d{3}/);
    const before = await context.cookies(examples.server.issuer);
    await page.locator('#sign-out').click();
    const confirm = page.locator('[name=logout][value=yes]');
    await Promise.race([confirm.waitFor(), page.locator('#sign-in').waitFor()]);
    if (await confirm.isVisible()) await confirm.click();
    await page.locator('#sign-in').waitFor();

    expect(status).toContain('Alice Archer');
    expect(status).toContain('orders:read');
    expect(renewed).toBe('Renewed: a new access token.');
    expect(called).toMatch(/^200 /);
    expect(before.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('after signing out, the next sign-in asks for the password again', async () => {
    await signIn(alice);
    await page.locator('#sign-out').click();
    const confirm = page.locator('[name=logout][value=yes]');
    await Promise.race([confirm.waitFor(), page.locator('#sign-in').waitFor()]);
    if (await confirm.isVisible()) await confirm.click();
    await page.locator('#sign-in').waitFor();

    await page.locator('#sign-in').click();

    await page.locator('[name=password]').waitFor();
    expect(page.url()).toContain(examples.server.issuer);
  });

  it('what each may do arrives in their tokens: bob may read, and gets 403 when he writes', async () => {
    await signIn(bob);
    const status = await page.locator('#status').innerText();
    const read = await press('call', /\d{3}/);
    const order = (token: string) =>
      fetch(`${examples.api}/orders`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ item: 'Lock', quantity: 1 }),
      });
    const refused = await order(await accessToken());
    const challenge = refused.headers.get('www-authenticate');
    await context.clearCookies();
    await page.evaluate(() => sessionStorage.clear());
    await signIn(alice);
    const accepted = await order(await accessToken());

    expect(status).toContain('orders:read');
    expect(status).not.toContain('orders:write');
    expect(read).toMatch(/^200 /);
    expect(refused.status).toBe(403);
    expect(challenge).toContain('insufficient_scope');
    expect(accepted.status).toBe(200);
  });

  it('a role that ends leaves the next token: roles are computed at every renewal', async () => {
    await signIn(alice);
    const admin = await examples.server.admin();
    const { users } = (await admin.get(`/users?userName=${alice.userName}`)) as { users: { id: string }[] };
    const { roleAssignments } = (await admin.get(`/role-assignments?userId=${users[0]?.id}`)) as {
      roleAssignments: { id: string; roleId: string }[];
    };
    const before = await scopeOf();

    for (const { id } of roleAssignments) await admin.delete(`/role-assignments/${id}`);
    await press('renew', /token/i);
    const after = await scopeOf();
    for (const { roleId } of roleAssignments) await admin.post('/role-assignments', { userId: users[0]?.id, roleId });

    expect(before).toContain('orders:write');
    expect(after).toContain('orders:read');
    expect(after).not.toContain('orders:write');
  });
});

async function scopeOf(): Promise<string[]> {
  const [, payload = ''] = (await accessToken()).split('.');
  return String(JSON.parse(Buffer.from(payload, 'base64url').toString()).scope).split(' ');
}
