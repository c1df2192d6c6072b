import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deactivateUser } from '../../../src/domain/lifecycle/deactivate-user.ts';
import { reactivateUser } from '../../../src/domain/lifecycle/reactivate-user.ts';
import { offerSetPasswordLink, resetPassword } from '../../../src/domain/lifecycle/reset-password.ts';
import type { User } from '../../../src/domain/users/user.ts';
import type { Tx } from '../../../src/persistence/unit-of-work.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { formWith, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';

/**
 * SECURITY-LESSONS 9, 25, 32: whoever signs in with a password that is then changed is out, however far they had come: what a
 * sign-in has left behind on its way must not outlive the change.
 */
const nextPassword = 'nine badgers count the harvest';
const operator = { type: 'operator', id: 'test' } as const;
let server: RunningServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

type Way = { readonly visitor: WebVisitor; readonly client: TestClient; readonly verifier: string };
type Stage = (way: Way, person: User) => Promise<(way: Way) => Promise<string | undefined>>;

async function aWay(): Promise<Way> {
  return {
    visitor: new WebVisitor(server),
    client: await aClient(server),
    verifier: randomBytes(32).toString('base64url'),
  };
}

const beginning = ({ client, verifier }: Way): string =>
  authorizeUrl(server, client, { code_challenge: createHash('sha256').update(verifier).digest('base64url') });

/** Sends the login form and does not follow where it leads. */
async function passwordAccepted({ visitor }: Way, url: string, { userName }: User): Promise<string> {
  const page = await visitor.get(url);
  const { action, hidden } = formWith(page, 'username');
  const body = new URLSearchParams({ ...hidden, username: userName, password });
  const { answer } = await visitor.request(new URL(action, page.url).href, { method: 'POST', body });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get('location') ?? '', server.issuer).href;
}

async function approveAndRedeem({ visitor, client, verifier }: Way, at: string): Promise<string | undefined> {
  let page = await visitor.get(at);
  if (page.forms.some(({ names }) => names.includes('decision')))
    page = await visitor.submit(page, 'decision', { decision: 'approve' });
  const { code } = callback(page.url);
  return code === undefined ? undefined : redeem({ client, verifier }, code);
}

async function redeem({ client, verifier }: Pick<Way, 'client' | 'verifier'>, code: string) {
  const answer = await fetch(`${server.origin}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      ...{ client_id: client.clientId, redirect_uri: client.redirectUri, code, code_verifier: verifier },
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  return token;
}

const stages: Readonly<Record<string, Stage>> = {
  'the password was accepted, the browser has not gone on': async (way, person) => {
    const next = await passwordAccepted(way, beginning(way), person);
    return () => approveAndRedeem(way, next);
  },
  'the consent page is open': async (way, person) => {
    const page = await way.visitor.get(await passwordAccepted(way, beginning(way), person));
    expect(formWith(page, 'decision').action).toContain('/interaction/');
    return () => approveAndRedeem(way, page.url);
  },
  'the code is there and not redeemed': async (way, person) => {
    const page = await way.visitor.get(await passwordAccepted(way, beginning(way), person));
    const { code = '' } = callback((await way.visitor.submit(page, 'decision', { decision: 'approve' })).url);
    return () => redeem(way, code);
  },
  'the account page is about to open': async (way, person) => {
    const next = await passwordAccepted(way, '/account', person);
    return async ({ visitor }) => {
      await visitor.get(next);
      const page = await visitor.get('/account');
      return page.html.includes('current-password') && page.html.includes('new-password') ? page.url : undefined;
    };
  },
};

const hashOf = (secret: string) => server.foundation.hashing.hashPassword(secret);
const transact = (work: (tx: Tx) => Promise<void>): Promise<void> => server.foundation.transact(operator, work);

const changes: Readonly<Record<string, (person: User) => Promise<void>>> = {
  'an administrator sets a new password': async ({ id }) => {
    const hash = await hashOf(nextPassword);
    await transact((tx) => resetPassword(tx, { userId: id, hash }));
  },
  'the person uses a one-time link': async ({ id }) => {
    const { token } = await server.foundation.transact(operator, (tx) => offerSetPasswordLink(tx, { userId: id }));
    const visitor = new WebVisitor(server);
    const page = await visitor.get(`/account/set-password?token=${token}`);
    await visitor.submit(page, 'new-password', { 'new-password': nextPassword, 'new-password-again': nextPassword });
  },
  'the person changes it in another browser': async ({ userName }) => {
    const visitor = new WebVisitor(server);
    const home = await visitor.signIn(await visitor.get('/account'), userName, password);
    const fields = { 'new-password': nextPassword, 'new-password-again': nextPassword };
    const page = await visitor.submit(home, 'new-password', { 'current-password': password, ...fields });
    expect(page.url).toContain('changed=password');
  },
  'the person is deactivated and comes back': async ({ id }) => {
    await transact((tx) => deactivateUser(tx, { userId: id }));
    await transact((tx) => reactivateUser(tx, { userId: id }));
  },
};

/** Times of sign-ins are whole seconds: what happened within one cannot be told apart by them. */
async function untilTheNextSecond(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === now) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(Object.entries(stages))('%s', (_stage, begin) => {
  it('and nothing happens: the sign-in ends well', async () => {
    const way = await aWay();
    const goOn = await begin(way, await aPerson(server));

    expect(await goOn(way)).toBeDefined();
  });

  it.each(Object.entries(changes))('and %s: nothing comes of it', async (_change, change) => {
    const [way, person] = [await aWay(), await aPerson(server)];
    const goOn = await begin(way, person);
    await untilTheNextSecond();
    await change(person);

    expect(await goOn(way)).toBeUndefined();
  });
});
