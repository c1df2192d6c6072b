import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leadingZeros, WORK_BITS } from '../../../src/domain/authentication/proof-of-work.ts';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, type Page, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';

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

/** So many failures from this address, and nothing else counted, that whoever comes from it waits a minute. */
async function attack(): Promise<void> {
  const { pool, throttle } = server.foundation;
  await throttle.idle();
  await pool.query('DELETE FROM throttle_counters');
  const reservation = await throttle.reserve([{ scope: 'network', value: '127.0.0.1' }]);
  if (reservation.kind !== 'admitted') throw new Error('nothing was counted');
  await pool.query('UPDATE throttle_counters SET failures = $2 WHERE key = ANY ($1)', [
    reservation.keys,
    throttleLimits.network.free + 100,
  ]);
}

function solve(challenge: string): string {
  for (let answer = 0; ; answer += 1) {
    const hash = createHash('sha256').update(`${challenge}.${answer}`).digest();
    if (leadingZeros(hash) >= WORK_BITS) return String(answer);
  }
}

const open = async (visitor: WebVisitor): Promise<Page> => visitor.get(authorizeUrl(server, app));
const workIn = (page: Page): string => formWith(page, 'password').hidden.work ?? '';
const answerTo = (page: Page) => ({ work: workIn(page), 'work-answer': solve(workIn(page)) });

describe('issue 5 §5: a sum in place of the wait while a network attacks', () => {
  it('is asked of nobody before, and of nobody whose own name is what was guessed at', async () => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    let page = await open(visitor);
    expect(page.html).not.toContain('data-work');
    // A wait is over sooner than a slow machine has hashed: the next one is longer.
    for (let guess = 0; guess < 20 && page.status !== 429; guess += 1)
      page = await visitor.signIn(page, user.userName, 'not the password');

    expect(page.status).toBe(429);
    expect(page.html).not.toContain('data-work');
  });

  it('lets who did it in; without script the wait is all there is', async () => {
    const user = await aPerson(server);
    await attack();
    const visitor = new WebVisitor(server);

    const waiting = await visitor.signIn(await open(visitor), user.userName, password);
    const still = await visitor.signIn(waiting, user.userName, password);
    const end = await visitor.submit(still, 'password', { username: user.userName, password, ...answerTo(still) });

    expect([waiting.status, still.status]).toEqual([429, 429]);
    expect(waiting.html).toContain('/assets/work.js');
    expect(waiting.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(callback(end.url).code).toBeDefined();
  });

  it.each([
    ['nothing', () => ({ 'work-answer': '' })],
    ['a wrong number', (page: Page) => ({ ...answerTo(page), 'work-answer': '1' })],
    ['no number', (page: Page) => ({ ...answerTo(page), 'work-answer': `${answerTo(page)['work-answer']} ` })],
    ['another challenge', () => ({ work: 'a'.repeat(76), 'work-answer': solve('a'.repeat(76)) })],
  ])('%s is no answer', async (_, fields) => {
    const user = await aPerson(server);
    await attack();
    const visitor = new WebVisitor(server);
    const page = await visitor.signIn(await open(visitor), user.userName, password);

    const answer = await visitor.submit(page, 'password', { username: user.userName, password, ...fields(page) });

    expect(answer.status).toBe(429);
  });

  it('SECURITY-LESSONS 10: of many uses of one answer at once exactly one counts, and none in another sign-in', async () => {
    await attack();
    const visitor = new WebVisitor(server);
    const page = await visitor.signIn(await open(visitor), 'nobody', 'a guess');
    const work = answerTo(page);
    const elsewhere = new WebVisitor(server);
    const foreign = await elsewhere.submit(await open(elsewhere), 'password', {
      username: 'nobody',
      password: 'a guess',
      ...work,
    });

    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        visitor.submit(page, 'password', { username: `nobody-${index}`, password: 'a guess', ...work }),
      ),
    );

    expect(foreign.status).toBe(429);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(1);
  });

  it('work does not loosen what is counted for a name', async () => {
    const user = await aPerson(server);
    await attack();
    const visitor = new WebVisitor(server);
    let page = await visitor.signIn(await open(visitor), user.userName, 'not the password');
    let worked = 0;
    // Each wait is longer than the one before: a slow machine outruns some of them.
    for (; worked < 20 && page.html.includes('data-work'); worked += 1) {
      const fields = { username: user.userName, password: 'not the password', ...answerTo(page) };
      page = await visitor.submit(page, 'password', fields);
      if (page.status === 422) page = await visitor.signIn(page, user.userName, 'not the password');
    }

    expect(page.status).toBe(429);
    expect(worked).toBeLessThan(20);
  });
});
