import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { PasswordAttempt } from '../../../src/domain/authentication/check-password.ts';
import { confirmPassword } from '../../../src/domain/authentication/confirm-password.ts';
import { KNOWN_DEVICES_PER_USER } from '../../../src/domain/authentication/throttle-limits.ts';
import { verifyPasswordAttempt } from '../../../src/domain/authentication/verify-password-attempt.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aPerson, aSignInProcess, LOW_COST, type SignInProcess, visitor } from './a-sign-in-process.ts';

const password = 'seven otters keep the ledger';
let database: TestDatabase;
let server: SignInProcess;
let network = 0;

beforeAll(async () => {
  database = await freshDatabase();
  server = await aSignInProcess(database.url);
});
afterAll(async () => {
  await server.end();
  await database.drop();
});
beforeEach(() => {
  network += 1;
});

const attempt = (facts: Partial<PasswordAttempt> & { userName: string }): PasswordAttempt => ({
  password,
  networkPrefix: `192.0.2.${network}`,
  deviceTokens: [],
  ...facts,
});
let requests = 0;
const signIn = (facts: Partial<PasswordAttempt> & { userName: string }, requestId = `request-${++requests}`) =>
  verifyPasswordAttempt(server.parts, visitor(requestId), attempt(facts));
const eventsOf = (requestId: string) =>
  server.parts.read.query<Record<string, unknown>>(
    'SELECT type, outcome, reason, actor_type, actor_id, target_id, details FROM audit_events WHERE request_id = $1',
    [requestId],
  );

describe('a right password', () => {
  it('signs the person in and is recorded for them', async () => {
    const person = await aPerson(server, { password });

    const outcome = await signIn({ userName: person.userName }, 'right');

    expect(outcome).toMatchObject({ kind: 'signed_in', userId: person.id, amr: ['pwd'] });
    expect(await eventsOf('right')).toMatchObject([
      { type: 'sign-ins.succeeded', outcome: 'success', actor_type: 'user', actor_id: person.id, target_id: person.id },
    ]);
  });

  it('RFC 7643 §4.1.1: the user name is taken without regard to case, width and surrounding space', async () => {
    const person = await aPerson(server, { password });

    expect(await signIn({ userName: ` ${person.userName.toUpperCase()} ` })).toMatchObject({ userId: person.id });
  });

  it('a verified e-mail address of one person stands for the user name; an unverified or a shared one does not', async () => {
    const verified = (value: string) => ({ password, emails: [{ value, verified: true }] });
    const person = await aPerson(server, verified('only@example.com'));
    await aPerson(server, { password, emails: [{ value: 'unproved@example.com', verified: false }] });
    await aPerson(server, verified('shared@example.com'));
    await aPerson(server, verified('shared@example.com'));

    expect(await signIn({ userName: 'Only@Example.com' })).toMatchObject({ userId: person.id });
    expect(await signIn({ userName: 'unproved@example.com' })).toEqual({ kind: 'refused' });
    expect(await signIn({ userName: 'shared@example.com' })).toEqual({ kind: 'refused' });
  });

  it('under an older cost is hashed anew, and still works afterwards', async () => {
    const person = await aPerson(server, { password });
    const stronger = { ...server.parts, hashing: createPasswordHashing({ cost: LOW_COST + 1 }) };
    const stored = () =>
      server.parts.read.query<{ hash: string }>('SELECT hash FROM password_credentials WHERE user_id = $1', [
        person.id,
      ]);

    await verifyPasswordAttempt(stronger, visitor('upgrade'), attempt({ userName: person.userName }));

    expect((await stored())[0]?.hash).toContain('$05$');
    expect(await signIn({ userName: person.userName })).toMatchObject({ kind: 'signed_in' });
  });

  it('is hashed anew once by sign-ins beside one another, and none of them fails over it', async () => {
    const person = await aPerson(server, { password });
    const stronger = { ...server.parts, hashing: createPasswordHashing({ cost: LOW_COST + 1 }) };

    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () =>
        verifyPasswordAttempt(stronger, visitor('beside'), attempt({ userName: person.userName })),
      ),
    );

    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('signed_in'));
    expect((await eventsOf('beside')).filter(({ type }) => type === 'passwords.rehashed')).toHaveLength(1);
  });

  it('is refused when it was changed, or the person deactivated, while it was being hashed', async () => {
    const person = await aPerson(server, { password });
    const meanwhile = createPasswordHashing({
      cost: LOW_COST,
      run: async (work) => {
        const result = await work();
        await server.dataSource.query(`UPDATE users SET status = 'inactive' WHERE id = $1`, [person.id]);
        return result;
      },
    });

    const parts = { ...server.parts, hashing: meanwhile };
    const outcome = await verifyPasswordAttempt(parts, visitor('race'), attempt({ userName: person.userName }));

    expect(outcome).toEqual({ kind: 'refused' });
    expect(await eventsOf('race')).toMatchObject([{ type: 'sign-ins.refused', reason: 'changed_meanwhile' }]);
  });
});

describe('SECURITY-LESSONS 21: refusals', () => {
  it('answer one thing for an unknown name, a wrong password, no password and an inactive person; the log says which', async () => {
    const person = await aPerson(server, { password });
    const passwordless = await aPerson(server);
    const inactive = await aPerson(server, { password, active: false });

    const outcomes = await Promise.all([
      signIn({ userName: 'nobody at all' }, 'unknown'),
      signIn({ userName: person.userName, password: 'wrong' }, 'wrong'),
      signIn({ userName: passwordless.userName }, 'none'),
      signIn({ userName: inactive.userName }, 'inactive'),
    ]);

    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(new Set(['{"kind":"refused"}']));
    const reasons = await Promise.all(['unknown', 'wrong', 'none', 'inactive'].map(eventsOf));
    expect(reasons.map(([event]) => event?.reason)).toEqual([
      'unknown_user',
      'wrong_password',
      'no_password',
      'inactive',
    ]);
  });

  it('do the same hashing work whoever is meant', async () => {
    const work: number[] = [];
    const hashing = createPasswordHashing({
      cost: LOW_COST,
      engine: {
        hash: async () => '',
        compare: async (_, encrypted) => {
          work.push(Number(encrypted.slice(4, 6)));
          return encrypted.endsWith('right');
        },
      },
    });
    const person = await aPerson(server, { password });
    const passwordless = await aPerson(server);
    const inactive = await aPerson(server, { password, active: false });
    const names = ['nobody here', person.userName, passwordless.userName, inactive.userName];

    for (const userName of names)
      await verifyPasswordAttempt(
        { ...server.parts, hashing },
        visitor('work'),
        attempt({ userName, password: 'wrong' }),
      );

    expect(work).toEqual(names.map(() => LOW_COST));
  });

  it('and so they do under an older cost, even for the right password of someone inactive', async () => {
    let work = 0;
    const hashing = createPasswordHashing({
      cost: LOW_COST + 2,
      engine: {
        hash: bcrypt.hash,
        compare: (input, encrypted) => {
          work += 2 ** Number(encrypted.slice(4, 6));
          return bcrypt.compare(input, encrypted);
        },
      },
    });
    const workFor = async (typed: { userName: string; password: string }) => {
      work = 0;
      const outcome = await verifyPasswordAttempt({ ...server.parts, hashing }, visitor('older'), attempt(typed));
      return [outcome.kind, work];
    };
    const person = await aPerson(server, { password });
    const passwordless = await aPerson(server);
    const inactive = await aPerson(server, { password, active: false });

    const costs = [
      await workFor({ userName: 'nobody at all here', password }),
      await workFor({ userName: person.userName, password: 'wrong' }),
      await workFor({ userName: passwordless.userName, password }),
      await workFor({ userName: inactive.userName, password: 'wrong' }),
      await workFor({ userName: inactive.userName, password }),
    ];

    expect(costs).toEqual(costs.map(() => ['refused', 2 ** (LOW_COST + 2)]));
  });

  it('SECURITY-LESSONS 39: a name that belongs to nobody is not written down (people type passwords there)', async () => {
    await signIn({ userName: 'my secret pass phrase' }, 'typed');

    const [event] = await eventsOf('typed');
    expect(JSON.stringify(event)).not.toContain('secret');
    expect(event?.details).toEqual({ userNameHash: expect.stringMatching(/^[\w-]{22}$/) });
  });

  it('NUL, lone surrogates and very long names are refused like any other', async () => {
    for (const userName of ['a\u0000b', '\ud800', 'x'.repeat(100_000), '', ' '])
      expect(await signIn({ userName })).toEqual({ kind: 'refused' });
  });
});

describe('SECURITY-LESSONS 28: the current password of someone signed in', () => {
  it('is counted together with sign-ins, and a wrong one is recorded', async () => {
    const person = await aPerson(server, { password });
    const wrong = attempt({ userName: person.userName, password: 'wrong' });
    for (let guess = 0; guess < 5; guess += 1) await confirmPassword(server.parts, visitor(`confirm-${guess}`), wrong);

    const outcome = await signIn({ userName: person.userName });

    expect(outcome).toMatchObject({ kind: 'throttled' });
    expect(await eventsOf('confirm-0')).toMatchObject([
      { type: 'passwords.confirmation-refused', reason: 'wrong_password', target_id: person.id },
    ]);
  });

  it('confirms, and costs no allowance', async () => {
    const person = await aPerson(server, { password });
    const right = attempt({ userName: person.userName });

    for (let time = 0; time < 12; time += 1)
      expect(await confirmPassword(server.parts, visitor('confirm'), right)).toMatchObject({ kind: 'confirmed' });
  });
});

describe('known devices', () => {
  it('one person keeps no more than a bounded number', async () => {
    const person = await aPerson(server, { password });

    for (let time = 0; time < KNOWN_DEVICES_PER_USER + 3; time += 1) await signIn({ userName: person.userName });

    const rows = await server.parts.read.query('SELECT 1 FROM known_devices WHERE user_id = $1', [person.id]);
    expect(rows).toHaveLength(KNOWN_DEVICES_PER_USER);
  });

  it('a browser that two people use is known to both', async () => {
    const first = await aPerson(server, { password });
    const second = await aPerson(server, { password });

    const one = await signIn({ userName: first.userName });
    const oneTokens = one.kind === 'signed_in' ? one.deviceTokens : [];
    const two = await signIn({ userName: second.userName, deviceTokens: oneTokens });
    const both = two.kind === 'signed_in' ? two.deviceTokens : [];

    expect(both).toHaveLength(2);
    expect(await signIn({ userName: first.userName, deviceTokens: both })).toMatchObject({ deviceTokens: both });
  });
});
