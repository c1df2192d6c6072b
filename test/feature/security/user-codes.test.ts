import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient } from '../interaction/a-sign-in.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const proxied = (address: string) => ({ 'X-Forwarded-For': address });
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_TRUST_PROXY: '127.0.0.1' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function aUserCode(): Promise<string> {
  const metadata = { grant_types: [DEVICE], response_types: [], redirect_uris: [] };
  const { clientId } = await aClient(server, { metadata });
  const body = new URLSearchParams({ client_id: clientId, scope: 'openid' });
  const answer = await fetch(`${server.origin}/device/authorize`, { method: 'POST', body });
  return String(((await answer.json()) as Record<string, unknown>).user_code);
}

/** A browser with the form in front of it, and what comes of entering a code from an address. */
async function anEntry() {
  const visitor = new WebVisitor(server);
  const page = await visitor.get('/device');
  const { action, hidden } = formWith(page, 'user_code');
  return async (code: string, address: string) => {
    const body = new URLSearchParams({ ...hidden, user_code: code });
    const { answer } = await visitor.request(action, { method: 'POST', body, headers: proxied(address) });
    return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after')), html: await answer.text() };
  };
}

/** Letters user codes are made of, so that each guess is a code that could be. */
const guess = (n: number): string =>
  `BBBB-${[...String(n).padStart(4, '0')].map((digit) => 'BCDFGHJKLM'[Number(digit)]).join('')}`;
const { free } = throttleLimits.userCode;

it('RFC 8628 §5.1: of a hundred guesses at once from one network the free ones are looked at, by any number of browsers', async () => {
  const entries = await Promise.all(Array.from({ length: 10 }, anEntry));

  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, n) => entries[n % 10]?.(guess(n), `2001:db8:1:1::${n + 1}`)),
  );

  const refused = answers.filter((answer) => answer?.status === 429);
  expect(refused).toHaveLength(100 - free);
  for (const answer of refused) expect(answer?.retryAfter).toBeGreaterThan(0);
});

it('the right code is not looked at either while the wait lasts, and other networks do not feel it', async () => {
  const code = await aUserCode();
  const enter = await anEntry();
  for (let n = 0; n < free; n += 1) await enter(guess(n), '192.0.2.1');

  expect((await enter(code, '192.0.2.1')).status).toBe(429);
  expect((await (await anEntry())(code, '192.0.2.2')).html).toContain(code);
});

it('codes that are there use nothing up: a whole office connects its devices', async () => {
  const enter = await anEntry();

  for (let n = 0; n < free * 2; n += 1) {
    const code = await aUserCode();
    expect((await enter(code, '192.0.2.3')).html).toContain(code);
  }
});

it('whoever is told to wait sees a page that says so', async () => {
  const visitor = new WebVisitor(server);
  const page = await visitor.get('/device');
  let last = page;
  for (let n = 0; n <= free; n += 1) last = await visitor.submit(page, 'user_code', { user_code: guess(n) });

  expect(last.status).toBe(429);
  expect(titleOf(last)).not.toBe('');
  expect(last.html).toContain('Wait');
});
