import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PasswordAttempt } from '../../../src/domain/authentication/check-password.ts';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import {
  type SignInOutcome,
  verifyPasswordAttempt,
} from '../../../src/domain/authentication/verify-password-attempt.ts';
import { createHashingQueue } from '../../../src/domain/credentials/hashing-queue.ts';
import { createPasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aPerson, aSignInProcess, LOW_COST, type SignInProcess, visitor } from './a-sign-in-process.ts';

const password = 'seven otters keep the ledger';
const { accountFromNetwork, account, network, knownDevice } = throttleLimits;
let database: TestDatabase;
let server: SignInProcess;
let other: SignInProcess;
let block = 0;

beforeAll(async () => {
  database = await freshDatabase();
  [server, other] = await Promise.all([aSignInProcess(database.url), aSignInProcess(database.url)]);
});
afterAll(async () => {
  await Promise.all([server.end(), other.end()]);
  await database.drop();
});
beforeEach(() => {
  block += 1;
});

const address = (host: number) => `10.0.${block}.${host}`;
const tryOn = (process: SignInProcess, facts: Partial<PasswordAttempt> & { userName: string }) =>
  verifyPasswordAttempt(process.parts, visitor('throttle'), {
    password,
    networkPrefix: address(1),
    deviceTokens: [],
    ...facts,
  });
const kinds = (outcomes: readonly SignInOutcome[]) => outcomes.filter(({ kind }) => kind !== 'throttled').length;
const guess = { password: 'wrong' };

describe('SECURITY-LESSONS 22, 28: guesses at one account', () => {
  it('the first failures cost nothing, and the right password afterwards signs in', async () => {
    const { userName } = await aPerson(server, { password });

    for (let failure = 0; failure < accountFromNetwork.free - 1; failure += 1)
      expect(await tryOn(server, { userName, ...guess })).toEqual({ kind: 'refused' });

    expect(await tryOn(server, { userName })).toMatchObject({ kind: 'signed_in' });
  });

  it('fifty at once over two processes: exactly the free ones are looked at', async () => {
    const { userName } = await aPerson(server, { password });

    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => tryOn(index % 2 ? server : other, { userName, ...guess })),
    );

    expect(kinds(outcomes)).toBe(accountFromNetwork.free);
  });

  it('a hundred at once from a hundred networks: exactly the free ones of the account are looked at', async () => {
    const { userName } = await aPerson(server, { password });

    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        tryOn(index % 2 ? server : other, { userName, ...guess, networkPrefix: address(index) }),
      ),
    );

    expect(kinds(outcomes)).toBe(account.free);
  });

  it('the right password is not looked at either while the wait lasts, and works when it has passed', async () => {
    const { userName } = await aPerson(server, { password });
    for (let failure = 0; failure < accountFromNetwork.free; failure += 1) await tryOn(server, { userName, ...guess });

    const during = await tryOn(server, { userName });
    server.advanceSeconds(accountFromNetwork.firstWaitSeconds);
    const after = await tryOn(server, { userName });

    expect(during).toEqual({ kind: 'throttled', retryAfterSeconds: accountFromNetwork.firstWaitSeconds });
    expect(after).toMatchObject({ kind: 'signed_in' });
  });

  it('waits double up to a bound, and attempts made during a wait do not lengthen it', async () => {
    const { userName } = await aPerson(server, { password });
    const waits: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      let outcome = await tryOn(server, { userName, ...guess });
      while (outcome.kind === 'refused') outcome = await tryOn(server, { userName, ...guess });
      await tryOn(server, { userName, ...guess });
      if (outcome.kind !== 'throttled') throw new Error(`unexpected ${outcome.kind}`);
      waits.push(outcome.retryAfterSeconds);
      server.advanceSeconds(outcome.retryAfterSeconds);
    }

    expect(waits.slice(0, 6)).toEqual([2, 4, 8, 16, 32, 64]);
    expect(Math.max(...waits)).toBeLessThanOrEqual(accountFromNetwork.longestWaitSeconds);
  });

  it('failures drain: after a quiet time the allowance is whole again', async () => {
    const { userName } = await aPerson(server, { password });
    for (let failure = 0; failure < accountFromNetwork.free; failure += 1) await tryOn(server, { userName, ...guess });

    server.advanceSeconds(accountFromNetwork.free * accountFromNetwork.drainSeconds);
    const outcomes: SignInOutcome[] = [];
    for (let failure = 0; failure <= accountFromNetwork.free; failure += 1)
      outcomes.push(await tryOn(server, { userName, ...guess }));

    expect(kinds(outcomes)).toBe(accountFromNetwork.free);
  });

  it('another spelling of the name is the same account', async () => {
    const { userName } = await aPerson(server, { password });
    for (let failure = 0; failure < accountFromNetwork.free; failure += 1)
      await tryOn(server, { userName: failure % 2 ? userName.toUpperCase() : ` ${userName}`, ...guess });

    expect(await tryOn(server, { userName })).toMatchObject({ kind: 'throttled' });
  });

  it('SECURITY-LESSONS 21: a name that belongs to nobody is slowed in the same way', async () => {
    const person = await aPerson(server, { password });
    const guessAll = async (userName: string) => {
      const outcomes: SignInOutcome[] = [];
      for (let time = 0; time < 8; time += 1) outcomes.push(await tryOn(server, { userName, ...guess }));
      return outcomes;
    };

    expect(await guessAll(`nobody-${block}`)).toEqual(await guessAll(person.userName));
  });

  it('counters are rows: a process started later knows them', async () => {
    const { userName } = await aPerson(server, { password });
    for (let failure = 0; failure < accountFromNetwork.free; failure += 1) await tryOn(server, { userName, ...guess });

    const later = await aSignInProcess(database.url);
    later.advanceSeconds((server.parts.clock.now().getTime() - later.parts.clock.now().getTime()) / 1000);
    const outcome = await tryOn(later, { userName });
    await later.end();

    expect(outcome).toMatchObject({ kind: 'throttled' });
  });
});

describe('SECURITY-LESSONS 27: guesses from one network prefix at many accounts', () => {
  it('are slowed once the generous allowance is used up', async () => {
    const outcomes: SignInOutcome[] = [];
    for (let person = 0; person < network.free + 10; person += 1)
      outcomes.push(await tryOn(server, { userName: `many-${block}-${person}`, ...guess }));

    expect(kinds(outcomes)).toBe(network.free);
  });

  it('signing in with success uses nothing up', async () => {
    const { userName } = await aPerson(server, { password });

    for (let time = 0; time < 30; time += 1)
      expect(await tryOn(server, { userName })).toMatchObject({ kind: 'signed_in' });
  });
});

describe('SECURITY-LESSONS 28: an attacker cannot lock the real person out', () => {
  async function underAttack() {
    const person = await aPerson(server, { password });
    const before = await tryOn(server, { userName: person.userName });
    if (before.kind !== 'signed_in') throw new Error('the person could not sign in');
    for (let host = 0; host < 30; host += 1)
      for (let time = 0; time < 2; time += 1)
        await tryOn(server, { userName: person.userName, ...guess, networkPrefix: address(host) });
    return { userName: person.userName, deviceTokens: before.deviceTokens };
  }

  it('from a browser they have used before they sign in at once, on the attacked network too', async () => {
    const victim = await underAttack();

    expect(await tryOn(server, { userName: victim.userName })).toMatchObject({ kind: 'throttled' });
    expect(await tryOn(server, victim)).toMatchObject({ kind: 'signed_in' });
  });

  it('on a network and browser of their own they are free of one attacker elsewhere', async () => {
    const { userName } = await aPerson(server, { password });
    for (let time = 0; time < 40; time += 1) await tryOn(server, { userName, ...guess });

    expect(await tryOn(server, { userName, networkPrefix: address(9) })).toMatchObject({ kind: 'signed_in' });
  });

  it('a known browser is bounded as well, and known only for its own person', async () => {
    const victim = await underAttack();
    const attacker = await aPerson(server, { password });
    const own = await tryOn(server, { userName: attacker.userName, networkPrefix: address(200) });
    const stolen = own.kind === 'signed_in' ? own.deviceTokens : [];

    const foreign = await tryOn(server, { ...victim, ...guess, deviceTokens: stolen });
    const outcomes: SignInOutcome[] = [];
    for (let time = 0; time < knownDevice.free + 5; time += 1)
      outcomes.push(await tryOn(server, { ...victim, ...guess }));

    expect(foreign).toMatchObject({ kind: 'throttled' });
    expect(kinds(outcomes)).toBe(knownDevice.free);
  });
});

describe('a hashing queue that is full', () => {
  it('answers busy with a time to come back, and costs no allowance', async () => {
    const { userName } = await aPerson(server, { password });
    const queue = createHashingQueue({ concurrency: 1, capacity: 1 });
    const parts = { ...server.parts, hashing: createPasswordHashing({ cost: LOW_COST + 4, run: queue.run }) };
    const attempt = { userName, password, networkPrefix: address(1), deviceTokens: [] };

    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => verifyPasswordAttempt(parts, visitor('busy'), attempt)),
    );
    const guesses: SignInOutcome[] = [];
    for (let time = 0; time < accountFromNetwork.free; time += 1)
      guesses.push(await tryOn(server, { userName, ...guess }));

    expect(outcomes.filter(({ kind }) => kind === 'busy').length).toBeGreaterThan(0);
    expect(outcomes).toContainEqual({ kind: 'busy', retryAfterSeconds: expect.any(Number) });
    expect(kinds(guesses)).toBe(accountFromNetwork.free);
  });
});
