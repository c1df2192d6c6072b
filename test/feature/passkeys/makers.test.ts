import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfiguration } from '../../../src/config/load.ts';
import { acr } from '../../../src/domain/authentication/next-factor.ts';
import type { AuthenticatorFacts } from '../../support/authenticator.ts';
import { aMaker } from '../../support/authenticator-maker.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aPerson } from '../interaction/a-sign-in.ts';
import { addPasskey, askedOn, eventsOf, passkeyRows, passkeysPath, sessionOf, signedIn, useOn } from './a-passkey.ts';

const KEY = '11111111-2222-4333-8444-555555555555';
const OLD_KEY = '11111111-2222-4333-8444-666666666666';
const UNLISTED = '11111111-2222-4333-8444-777777777777';
const trusted = aMaker('Trusted Keys');
const stranger = aMaker('Strange Keys');

let folder: string;
let roots: string;
const servers: RunningServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doorward-test-roots-'));
  roots = join(folder, 'roots.pem');
  await writeFile(roots, `${aMaker('Other Trusted Keys').root}\n${trusted.root}`);
});
afterAll(async () => {
  for (const server of servers) {
    expect(server.errors).toEqual([]);
    await server.stop();
  }
  await rm(folder, { recursive: true });
});

async function aServer(env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const server = await startServer({ env });
  servers.push(server);
  return server;
}

const vouchedFor = (aaguid: string, maker = trusted): AuthenticatorFacts => ({
  aaguid,
  attestation: maker.attestationFor(aaguid),
});

/** What a person with this authenticator is answered, and what is kept. */
async function tryOn(server: RunningServer, facts: AuthenticatorFacts) {
  const user = await aPerson(server);
  const { page, authenticator } = await addPasskey(server, await signedIn(server, user), facts);
  return { user, page, authenticator, kept: (await passkeyRows(server, user.id)).length };
}

describe('where makers’ certificates are configured', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await aServer({
      DOORWARD_PASSKEY_ATTESTATION_ROOTS: roots,
      DOORWARD_PASSKEY_AAGUIDS_ALLOWED: `${KEY},${OLD_KEY}`,
      DOORWARD_PASSKEY_AAGUIDS_DENIED: OLD_KEY.toUpperCase(),
    });
  });

  it('browsers are asked for an attestation', async () => {
    const offer = await (await signedIn(server, await aPerson(server))).get(passkeysPath);

    expect(askedOn(offer)).toMatchObject({ attestation: 'direct' });
  });

  it.each<[string, readonly string[], AuthenticatorFacts]>([
    ['hardware that cannot be copied is hwk', ['hwk', 'user', 'mfa'], vouchedFor(KEY)],
    ['what is made to be copied is swk all the same', ['swk', 'user', 'mfa'], { ...vouchedFor(KEY), isSynced: true }],
  ])('RFC 8176: %s', async (_, amr, facts) => {
    const { user, authenticator } = await tryOn(server, facts);
    const visitor = new WebVisitor(server);

    await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);

    expect(await sessionOf(server, user.id)).toMatchObject({ acr: acr.twoFactors, amr });
  });

  it.each<[string, string, AuthenticatorFacts]>([
    ['no statement', 'not_attested', { aaguid: KEY }],
    ['its own word for itself', 'not_attested', { aaguid: KEY, attestation: 'self' }],
    ['a maker nobody trusts', 'not_verified', vouchedFor(KEY, stranger)],
    ['a certificate of another model', 'not_verified', { ...vouchedFor(KEY), aaguid: OLD_KEY }],
    ['a model on both lists', 'authenticator_not_allowed', vouchedFor(OLD_KEY)],
    ['a model on no list', 'authenticator_not_allowed', vouchedFor(UNLISTED)],
  ])('SECURITY-LESSONS 34: %s is not taken: %s', async (_, reason, facts) => {
    const { user, page, kept } = await tryOn(server, facts);

    expect([page.status, kept]).toEqual([422, 0]);
    expect(await eventsOf(server, user.id)).toContain(`passkeys.refused ${reason}`);
  });

  it('whoever brings a kind that may not be used is told so, not to try again', async () => {
    const { page } = await tryOn(server, vouchedFor(UNLISTED));

    expect(page.html).toContain('Passkeys of this kind may not be used here.');
  });
});

describe('where there are none', () => {
  it('all are taken, and no certificate makes a key more than one of software', async () => {
    const server = await aServer({});
    const { user, authenticator, kept } = await tryOn(server, vouchedFor(KEY, stranger));
    const visitor = new WebVisitor(server);

    await useOn(visitor, await visitor.get('/account/sign-in'), authenticator);

    expect(kept).toBe(1);
    expect(await sessionOf(server, user.id)).toMatchObject({ amr: ['swk', 'user', 'mfa'] });
  });

  it('a model that is said to be a denied one is refused', async () => {
    const server = await aServer({ DOORWARD_PASSKEY_AAGUIDS_DENIED: OLD_KEY });

    expect([(await tryOn(server, { aaguid: OLD_KEY })).kept, (await tryOn(server, { aaguid: KEY })).kept]).toEqual([
      0, 1,
    ]);
  });
});

it.each([
  [{ DOORWARD_PASSKEY_AAGUIDS_ALLOWED: KEY }, 'needs DOORWARD_PASSKEY_ATTESTATION_ROOTS'],
  [{ DOORWARD_PASSKEY_ATTESTATION_ROOTS: '/nowhere/roots.pem' }, 'there is no certificate'],
  [{ DOORWARD_PASSKEY_AAGUIDS_DENIED: 'a yellow one' }, 'DOORWARD_PASSKEY_AAGUIDS_DENIED'],
  [{ DOORWARD_PASSKEY_RELATED_ORIGINS: 'https://example.org/path' }, 'DOORWARD_PASSKEY_RELATED_ORIGINS'],
] as const)('%j is refused at start', (env, complaint) => {
  const result = loadConfiguration({ DOORWARD_ISSUER: 'http://localhost:3000', ...env }, process.cwd());

  expect(result.ok ? [] : result.problems).toEqual([expect.stringContaining(complaint)]);
});

describe('WebAuthn §5.11.1: /.well-known/webauthn', () => {
  it('names the origins that may use the passkeys of this domain, to everybody', async () => {
    const server = await aServer({
      DOORWARD_PASSKEY_RELATED_ORIGINS: 'https://login.example.org, https://example.net:8443',
    });

    const answer = await fetch(`${server.origin}/.well-known/webauthn`);
    const refused = await fetch(`${server.origin}/.well-known/webauthn`, { method: 'POST' });

    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(await answer.json()).toEqual({ origins: ['https://login.example.org', 'https://example.net:8443'] });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is not there without any', async () => {
    const server = await aServer({});

    expect((await fetch(`${server.origin}/.well-known/webauthn`)).status).toBe(404);
  });
});
