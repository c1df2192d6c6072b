import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { aClient, aPerson, password } from '../feature/interaction/a-sign-in.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';

let browser: Browser;
let server: RunningServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchBrowser(), startServer()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

async function aDeviceCode(): Promise<{ user_code: string; verification_uri_complete: string }> {
  const { clientId } = await aClient(server, {
    name: 'Living room',
    metadata: { redirect_uris: [], response_types: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code'] },
  });
  const discovery = await fetch(`${server.origin}/.well-known/openid-configuration`);
  const { device_authorization_endpoint: endpoint } = (await discovery.json()) as Record<string, string>;
  const answer = await fetch(server.origin + new URL(endpoint ?? '').pathname, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId, scope: 'openid' }),
  });
  return (await answer.json()) as { user_code: string; verification_uri_complete: string };
}

describe('RFC 8628 in a real browser', () => {
  it.each([
    ['with script', { javaScriptEnabled: true }],
    ['without script, on a small screen', { javaScriptEnabled: false, viewport: { width: 360, height: 640 } }],
  ] as const)('%s: the link from the device, confirmation, sign-in, consent, done', async (_, options) => {
    const person = await aPerson(server);
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const code = await aDeviceCode();

    await page.goto(code.verification_uri_complete);
    if (!options.javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(code.user_code).waitFor();
    await expectNoSidewaysScroll(page);
    if (options.javaScriptEnabled) await expectAccessible(page);
    await page.getByRole('button', { name: 'Yes, connect it' }).click();
    await page.getByLabel('User name or e-mail').fill(person.userName);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Allow', exact: true }).click();

    await page.getByRole('heading', { name: 'The device is connected' }).waitFor();
    if (options.javaScriptEnabled) await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
