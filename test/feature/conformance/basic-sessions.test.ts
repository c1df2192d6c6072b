import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aRequest, Browser, errorOf, type Mode, type Parameters, type Run, run } from './a-flow.ts';
import { aProviderUnderTest, clients, type ProviderUnderTest } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

const plans: readonly (readonly [string, Mode])[] = [
  ['oidcc-basic-certification-test-plan', 'default'],
  ['oidcc-formpost-basic-certification-test-plan', 'form_post'],
];

describe.each(plans)('%s', (_plan, mode) => {
  const request = (more: Parameters = {}) => aRequest(clients.first, mode, more);
  const start = (browser: Browser, more: Parameters = {}): Promise<Run> =>
    run(op, browser, clients.first, request(more));

  /** The password counts as proven in whole seconds: asks until the session is older than one. */
  async function untilOlderThanOneSecond(browser: Browser): Promise<void> {
    const deadline = Date.now() + 10_000;
    const sent = request({ prompt: 'none', max_age: '1' });
    while ((await browser.authorize(sent)).sent?.has('code')) {
      if (Date.now() > deadline) throw new Error('max_age=1 is never exceeded');
      await pause(100);
    }
  }

  it('oidcc-prompt-login: asked again, the same sub, a later auth_time', async () => {
    const browser = new Browser(op);
    const first = await start(browser, { max_age: '10000' });
    await untilOlderThanOneSecond(browser);

    const second = await start(browser, { prompt: 'login' });

    expect(second.arrival.pages).toContain('login');
    expect(second.idToken.sub).toBe(first.idToken.sub);
    if (second.idToken.auth_time !== undefined)
      expect(second.idToken.auth_time).toBeGreaterThan(first.idToken.auth_time ?? 0);
  });

  it('oidcc-prompt-none-not-logged-in: login_required, and no page', async () => {
    const sent = request({ prompt: 'none' });

    const arrival = await new Browser(op).authorize(sent);

    expect(arrival.pages).toEqual([]);
    expect(errorOf(op, arrival, sent.state)).toBe('login_required');
  });

  it('oidcc-prompt-none-logged-in: no page, the same sub and auth_time', async () => {
    const browser = new Browser(op);
    const first = await start(browser);

    const second = await start(browser, { prompt: 'none' });

    expect(second.arrival.pages).toEqual([]);
    expect(second.idToken.sub).toBe(first.idToken.sub);
    expect(second.idToken.auth_time).toBe(first.idToken.auth_time);
  });

  it('oidcc-max-age-1: asked again, and auth_time is there, later and recent', async () => {
    const browser = new Browser(op);
    const first = await start(browser, { max_age: '10000' });
    await untilOlderThanOneSecond(browser);

    const { arrival, idToken } = await start(browser, { max_age: '1' });

    expect(arrival.pages).toContain('login');
    expect(idToken.auth_time).toBeGreaterThan(first.idToken.auth_time ?? Number.POSITIVE_INFINITY);
    expect(idToken.auth_time).toBeLessThanOrEqual(idToken.iat);
    expect(idToken.sub).toBe(first.idToken.sub);
  });

  it('oidcc-max-age-10000: not asked again, auth_time is there and the same', async () => {
    const browser = new Browser(op);
    const first = await start(browser, { max_age: '15000' });

    const { arrival, idToken } = await start(browser, { max_age: '10000' });

    expect(arrival.pages).toEqual([]);
    expect(idToken.auth_time).toEqual(expect.any(Number));
    expect(idToken.auth_time).toBe(first.idToken.auth_time);
    expect(idToken.sub).toBe(first.idToken.sub);
  });

  it('oidcc-id-token-hint: prompt=none with the ID token of the first time succeeds at once', async () => {
    const browser = new Browser(op);
    const first = await start(browser);

    const hint = { prompt: 'none', id_token_hint: first.tokens.id_token };
    const { arrival, idToken } = await start(browser, hint);

    expect(arrival.pages).toEqual([]);
    expect(idToken.sub).toBe(first.idToken.sub);
    expect(idToken.auth_time).toBe(first.idToken.auth_time);
  });
});
