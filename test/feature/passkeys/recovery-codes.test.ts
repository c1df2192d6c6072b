import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, type TestClient } from '../interaction/a-sign-in.ts';
import { addPasskey, eventsOf, passkeyRows, passkeysPath, sessionOf, signedIn } from './a-passkey.ts';

let server: RunningServer;
let app: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const strong = { acr_values: acr.twoFactors };
const codesOn = ({ html }: Page): string[] =>
  [...html.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map(([, code = '']) => code);
const recoveryOn = ({ html }: Page): string => /href="([^"]+\/recovery-code)"/.exec(html)?.[1] ?? '';

/** Somebody whose only second factor is a passkey, which is out of reach; they have signed in by password. */
async function withoutTheirPasskey() {
  const user = await aPerson(server);
  const { page } = await addPasskey(server, await signedIn(server, user));
  return { user, codes: codesOn(page), visitor: await signedIn(server, user) };
}

it('a recovery code stands in for a passkey where two factors are asked for, once', async () => {
  const { user, codes, visitor } = await withoutTheirPasskey();
  const asked = await visitor.get(authorizeUrl(server, app, strong));
  const page = await visitor.get(recoveryOn(asked));

  const end = await visitor.submit(page, 'code', { code: codes[0] ?? '' });
  const session = await sessionOf(server, user.id);
  const other = await signedIn(server, user);
  const again = await other.submit(
    await other.get(recoveryOn(await other.get(authorizeUrl(server, app, strong)))),
    'code',
    { code: codes[0] ?? '' },
  );

  expect(titleOf(page)).toContain('Enter a recovery code');
  expect(page.html).toContain('Use the passkey after all');
  expect(callback(end.url).code).toBeDefined();
  expect(session).toMatchObject({ acr: acr.twoFactors, amr: ['pwd', 'otp', 'mfa'] });
  expect(again.status).toBe(422);
  expect(await eventsOf(server, user.id)).toEqual(
    expect.arrayContaining(['recovery-codes.used', 'sign-ins.refused used_code']),
  );
});

it('with it they look after their passkeys again', async () => {
  const { user, codes, visitor } = await withoutTheirPasskey();
  const page = await visitor.get(recoveryOn(await visitor.get(passkeysPath)));

  const own = await visitor.submit(page, 'code', { code: codes[1] ?? '' });
  const removal = own.forms.find(({ action }) => action.endsWith('/removal'));
  await visitor.post(removal?.action ?? '', removal?.hidden ?? {});

  expect(titleOf(own)).toContain('Passkeys');
  expect(await passkeyRows(server, user.id)).toEqual([]);
});

it('what no code may be asked of: a code of an app, which they have not, is refused', async () => {
  const { user, visitor } = await withoutTheirPasskey();
  const asked = await visitor.get(authorizeUrl(server, app, strong));

  const answer = await visitor.post(recoveryOn(asked).replace('recovery-code', 'code'), {
    csrf: asked.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '',
    code: '123456',
  });

  expect(titleOf(answer)).not.toContain('Enter your code');
  expect(await sessionOf(server, user.id)).toMatchObject({ amr: ['pwd'] });
});

it('SECURITY-LESSONS 23: without a password before, or with another session, no code is taken', async () => {
  const { user, codes } = await withoutTheirPasskey();
  const stranger = new WebVisitor(server);
  const page = await stranger.get(authorizeUrl(server, app, strong));
  const other = await signedIn(server, await aPerson(server));
  const asked = await other.get(authorizeUrl(server, app, strong));

  const csrf = page.forms.find(({ hidden }) => hidden.csrf)?.hidden.csrf ?? '';
  const address = /\/interaction\/[\w-]+/.exec(page.url)?.[0] ?? '';
  const answer = await stranger.post(`${address}/recovery-code`, {
    csrf,
    code: codes[2] ?? '',
    username: user.userName,
  });

  expect(recoveryOn(page)).toBe('');
  expect(recoveryOn(asked)).toBe('');
  expect(titleOf(answer)).toContain('Sign in');
  expect((await eventsOf(server, user.id)).filter((event) => event === 'recovery-codes.used')).toEqual([]);
});

it('SECURITY-LESSONS 22: guesses are counted by person, as for everybody', async () => {
  const { visitor } = await withoutTheirPasskey();
  const page = await visitor.get(recoveryOn(await visitor.get(authorizeUrl(server, app, strong))));
  let answer = page;

  for (let guess = 0; guess < 30 && answer.status !== 429; guess += 1)
    answer = await visitor.submit(page, 'code', { code: 'aaaaa-aaaaa' });

  expect(answer.status).toBe(429);
});
