import { hash, X509Certificate } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { selfSigned } from '../support/self-signed.ts';
import { startServer, type TestServer, temporaryFolder } from '../support/server.ts';
import { type Application, anApplication } from './a-browser-visit.ts';

// The packaged Chromium is the headless shell, which has no part of it (ADR 0018): set TEST_CHROMIUM to a whole one.
const whole = process.env.TEST_CHROMIUM;
const person = { userName: 'alice@example.com', password: 'seven otters keep the ledger' };
const PROOF = '__Host-doorward_proof';

let browser: Browser;
let folder: string;
let server: TestServer;
let application: Application;
let database: pg.Client;

beforeAll(async () => {
  const pair = selfSigned();
  folder = await temporaryFolder();
  await writeFile(join(folder, 'cert.pem'), pair.cert);
  await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });
  application = await anApplication();
  const client = { client_id: 'web', client_secret: 'dev-only-secret', redirect_uris: [application.callbackUrl] };
  [browser, server] = await Promise.all([
    launchBrowser({
      path: whole,
      args: [
        // With a mere exception for its certificate a site binds nothing.
        `--ignore-certificate-errors-spki-list=${spkiOf(pair.cert)}`,
        '--enable-features=DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting',
      ],
    }),
    startServer({
      apply: JSON.stringify({
        clients: [{ ...client, first_party: true, require_pkce: false }],
        users: [{ ...person, active: true }],
      }),
      env: { DOORWARD_TLS_CERT: join(folder, 'cert.pem'), DOORWARD_TLS_KEY: join(folder, 'key.pem') },
    }),
  ]);
  database = new pg.Client({ connectionString: await server.databaseUrl() });
  await database.connect();
}, 120_000);
afterAll(async () => {
  await database?.end();
  await browser?.close();
  await application?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const spkiOf = (cert: string): string =>
  hash('sha256', new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }), 'base64');

async function eventsOf(): Promise<string[]> {
  const { rows } = await database.query<{ event: string }>(
    `SELECT concat_ws(' ', type, reason) AS event FROM audit_events WHERE type LIKE 'sessions.b%' ORDER BY occurred_at, id`,
  );
  return rows.map(({ event }) => event);
}

async function signIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  const query = new URLSearchParams({
    ...{ client_id: 'web', response_type: 'code', scope: 'openid', redirect_uri: application.callbackUrl, state: 's' },
  });
  await page.goto(`${server.issuer}/authorize?${query}`);
  await page.getByLabel('User name or e-mail').fill(person.userName);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${application.callbackUrl}**`);
  return page;
}

(whole === undefined ? describe.skip : describe)('W3C Device Bound Session Credentials in a whole Chromium', () => {
  it('binds the session by itself and proves its key before a page, whose cookie alone opens nothing elsewhere', async () => {
    const context = await browser.newContext();
    const page = await signIn(context);
    expect(await eventually(eventsOf, (events) => events.length > 0)).toEqual(['sessions.bound']);

    await context.clearCookies({ name: PROOF });
    await page.goto(`${server.issuer}/account/devices`);

    expect(await page.getByText('bound to this device').count()).toBe(1);
    expect(await eventsOf()).toEqual(['sessions.bound']);

    const thief = await browser.newContext();
    await thief.addCookies((await context.cookies()).filter(({ name }) => name !== PROOF));
    const stolen = await thief.newPage();
    await stolen.goto(`${server.issuer}/account/devices`);

    expect(await stolen.getByLabel('Password').count()).toBe(1);
    expect(await eventsOf()).toContain('sessions.binding-refused not_fresh');
  });
});
