import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { aClient, authorizeUrl } from '../feature/interaction/a-sign-in.ts';
import { launchBrowser } from '../support/browser.ts';
import { linkIn, mailsTo } from '../support/mail.ts';
import { type RunningServer, startServer } from '../support/running-server.ts';
import { type Application, anApplication, expectAccessible, expectNoSidewaysScroll } from './a-browser-visit.ts';

let browser: Browser;
let server: RunningServer;
let application: Application;

beforeAll(async () => {
  [browser, server, application] = await Promise.all([
    launchBrowser(),
    startServer({ env: { DOORWARD_REGISTRATION: 'open' } }),
    anApplication(),
  ]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await application.stop();
  await server.stop();
});

describe('prompt=create in a real browser', () => {
  it.each([true, false])(
    'with script %s: from the application to a new account and back',
    async (javaScriptEnabled) => {
      const app = await aClient(server, { firstParty: true, name: 'Orders', redirectUri: application.callbackUrl });
      const address = `browser-${javaScriptEnabled}@example.com`;
      const secret = 'nine badgers count the harvest';
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 360, height: 640 } });
      const page = await context.newPage();
      application.answers.length = 0;

      await page.goto(authorizeUrl(server, app, { prompt: 'create' }));
      await expectNoSidewaysScroll(page);
      if (javaScriptEnabled) await expectAccessible(page);
      await page.getByLabel('E-mail address').fill(address);
      await page.getByRole('button', { name: 'Send the link' }).click();
      await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
      const [mail] = await mailsTo(server, address);
      await page.goto(linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`));
      await page.getByLabel('Your name').fill('Ada Archer');
      for (const field of await page.locator('input[type=password]').all()) await field.fill(secret);
      await page.getByRole('button', { name: 'Create the account' }).click();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.getByLabel('User name or e-mail').fill(address);
      await page.getByLabel('Password').fill(secret);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL(`${application.callbackUrl}**`);
      await context.close();

      expect(application.answers).toEqual([{ code: expect.any(String), state: 'a state', iss: server.issuer }]);
    },
  );
});
