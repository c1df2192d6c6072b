import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { throttleLimits } from '../../src/domain/authentication/throttle-limits.ts';
import { aClient, aPerson, authorizeUrl, password } from '../feature/interaction/a-sign-in.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { type Application, anApplication, expectAccessible } from './a-browser-visit.ts';

let browser: Browser;
let server: RunningServer;
let application: Application;

beforeAll(async () => {
  [browser, server, application] = await Promise.all([launchBrowser(), startServer(), anApplication()]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await application.stop();
  await server.stop();
});

describe('a network under attack, in a real browser', () => {
  it('does a sum in place of the wait, says so, and the person signs in', async () => {
    const app = await aClient(server, { firstParty: true, redirectUri: application.callbackUrl });
    const person = await aPerson(server);
    const page = await (await browser.newContext()).newPage();
    const fill = async () => {
      await page.getByLabel('User name or e-mail').fill(person.userName);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    };
    await page.goto(authorizeUrl(server, app));
    // Whichever address the browser comes from: every counter there is now waits for minutes.
    await page.getByLabel('User name or e-mail').fill(person.userName);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await server.foundation.throttle.idle();
    await onlyNetworkWaits();

    await fill();
    await page.getByText('Done: you need not wait.').waitFor({ timeout: 60_000 });
    await expectAccessible(page);
    await fill();
    await page.waitForURL(`${application.callbackUrl}**`);

    expect(application.answers).toEqual([expect.objectContaining({ code: expect.any(String) })]);
  });
});

async function onlyNetworkWaits(): Promise<void> {
  const { pool, throttle } = server.foundation;
  await pool.query('DELETE FROM throttle_counters');
  for (const value of ['127.0.0.1', '::1', '::/64']) {
    const reservation = await throttle.reserve([{ scope: 'network', value }]);
    if (reservation.kind !== 'admitted') continue;
    await pool.query('UPDATE throttle_counters SET failures = $2, expires_at = $3 WHERE key = ANY ($1)', [
      reservation.keys,
      throttleLimits.network.free + 100,
      new Date(Date.now() + 3_600_000),
    ]);
  }
}
