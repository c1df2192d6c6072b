import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { aClient, aPerson, authorizeUrl, password, type TestClient } from '../feature/interaction/a-sign-in.ts';
import { passkeyRows, sessionOf } from '../feature/passkeys/a-passkey.ts';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { type Application, anApplication, expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';
import { type Authenticator, withAuthenticator } from './authenticator.ts';

let browser: Browser;
let server: RunningServer;
let application: Application;
let app: TestClient;
let contexts: BrowserContext[];
let complaints: string[];

beforeAll(async () => {
  [browser, server, application] = await Promise.all([launchBrowser(), startServer(), anApplication()]);
  app = await aClient(server, { firstParty: true, name: 'Orders', redirectUri: application.callbackUrl });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await application.stop();
  expect(server.errors).toEqual([]);
  await server.stop();
});
beforeEach(() => {
  contexts = [];
  complaints = [];
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  expect(complaints).toEqual([]);
});

type Device = Authenticator & { readonly page: Page };

/** A browser on a device with an authenticator. */
async function aDevice(options: BrowserContextOptions = {}): Promise<Device> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, ...(await withAuthenticator(page)) };
}

async function signIn(page: Page, userName: string): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(userName);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Somebody who has signed in by password and added a passkey; the browser has forgotten the rest. */
async function withPasskey(options: BrowserContextOptions = {}) {
  const user = await aPerson(server);
  const device = await aDevice(options);
  const { page } = device;
  await page.goto(`${server.issuer}/account/passkeys`);
  await signIn(page, user.userName);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  return { user, device };
}

const credentialsOn = async ({ cdp, authenticatorId }: Device) =>
  (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;

describe('passkeys in a real browser', () => {
  it.each([
    ['on a large screen', {}],
    ['on a small screen, in the dark', { viewport: { width: 360, height: 640 }, colorScheme: 'dark' }],
  ] as const)('%s: one is added, is looked after, and signs in', async (_, options) => {
    const { user, device } = await withPasskey(options);
    const { page } = device;
    await page.getByRole('link', { name: 'I have kept them' }).click();
    await page.getByRole('link', { name: 'Manage passkeys' }).click();
    await page.getByRole('heading', { name: 'Your passkeys' }).waitFor();
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.context().clearCookies();

    await page.goto(authorizeUrl(server, app));
    await page.waitForURL(`${application.callbackUrl}**`);

    expect(await sessionOf(server, user.id)).toMatchObject({ amr: ['swk', 'user', 'mfa'] });
    expect(await passkeyRows(server, user.id)).toHaveLength(1);
  });

  it('the button asks for one where the browser does not offer it by itself', async () => {
    const { user, device } = await withPasskey();
    const { page } = device;
    await page.context().clearCookies();
    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false;');

    await page.goto(authorizeUrl(server, app));
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).press('Enter');
    await page.waitForURL(`${application.callbackUrl}**`);

    expect(await sessionOf(server, user.id)).toMatchObject({ amr: ['swk', 'user', 'mfa'] });
  });

  it('who does not confirm is told, and signs in by password on the same page', async () => {
    const { user, device } = await withPasskey();
    const { page, cdp, authenticatorId } = device;
    await page.context().clearCookies();
    await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false;');
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });

    await page.goto(authorizeUrl(server, app));
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('No passkey was used.').waitFor();
    await signIn(page, user.userName);
    await page.waitForURL(`${application.callbackUrl}**`);
  });

  it('one authenticator makes no second for the same person, and says so', async () => {
    const { device } = await withPasskey();
    const { page } = device;
    await page.goto(`${server.issuer}/account/passkeys`);
    await page.getByRole('button', { name: 'Add a passkey' }).click();

    await page.getByText('This device has a passkey for your account already.').waitFor();
  });

  it('WebAuthn §5.1.10: what is removed here, the authenticator forgets; so it does one that nobody has', async () => {
    const { user, device } = await withPasskey();
    const { page } = device;
    expect(await credentialsOn(device)).toHaveLength(1);
    await page.goto(`${server.issuer}/account/passkeys`);

    await page.getByRole('button', { name: 'Remove Passkey' }).click();
    await page.getByText('The passkey was removed.').waitFor();

    expect(await passkeyRows(server, user.id)).toEqual([]);
    expect(
      await eventually(
        () => credentialsOn(device),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
  });

  it.each([
    ['on a large screen', {}],
    ['on a small screen, in the dark', { viewport: { width: 360, height: 640 }, colorScheme: 'dark' }],
  ] as const)(
    '%s: one is offered after the password by keyboard alone, and signs in from then on',
    async (_, options) => {
      const user = await aPerson(server);
      const { page } = await aDevice(options);
      await page.goto(authorizeUrl(server, app));
      await signIn(page, user.userName);
      await page.getByRole('heading', { name: 'Sign in faster next time' }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);

      await page.getByRole('button', { name: 'Add a passkey' }).press('Enter');
      await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
      await expectAccessible(page);
      await expectNoSidewaysScroll(page);
      await page.getByRole('link', { name: 'Continue' }).press('Enter');
      await page.waitForURL(`${application.callbackUrl}**`);
      await page.context().clearCookies();
      await page.goto(authorizeUrl(server, app));
      await page.waitForURL(`${application.callbackUrl}**`);

      expect(await sessionOf(server, user.id)).toMatchObject({ amr: ['swk', 'user', 'mfa'] });
    },
  );

  it('who wants none goes on, and is not asked again in this browser', async () => {
    const user = await aPerson(server);
    const { page } = await aDevice();
    await page.goto(authorizeUrl(server, app));
    await signIn(page, user.userName);
    await page.getByRole('button', { name: 'Not now' }).press('Enter');
    await page.waitForURL(`${application.callbackUrl}**`);
    await page.context().clearCookies({ name: 'doorward_session' });
    await page.goto(authorizeUrl(server, app));
    await signIn(page, user.userName);

    await page.waitForURL(`${application.callbackUrl}**`);

    expect(await passkeyRows(server, user.id)).toEqual([]);
  });

  it('without script there is no button that does nothing, and the password signs in', async () => {
    const user = await aPerson(server);
    const { page } = await aDevice({ javaScriptEnabled: false });

    await page.goto(`${server.issuer}/account/passkeys`);
    expect(await page.getByRole('button', { name: 'Sign in with a passkey' }).isVisible()).toBe(false);
    await signIn(page, user.userName);
    await page.getByRole('heading', { name: 'Your passkeys' }).waitFor();

    expect(await page.getByText('needs a browser that knows passkeys').isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false);
  });
});
