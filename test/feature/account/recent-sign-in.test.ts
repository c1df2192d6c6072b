import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/domain/users/user.ts';
import { accountForms } from '../../../src/endpoints/account/account-endpoints.tsx';
import { sitePaths } from '../../../views/site.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aPerson, password } from '../interaction/a-sign-in.ts';
import { codeNow, giveTotp } from '../second-factors/a-second-factor.ts';

/** Forms that anybody signed in may send, or that prove by a link who somebody is; every other asks for more. */
const open: Readonly<Record<string, string>> = {
  [sitePaths.endSession]: 'closes',
  [sitePaths.endOtherSessions]: 'closes',
  [sitePaths.withdrawApplication]: 'closes',
  [sitePaths.cancelEmailChange]: 'closes',
  [sitePaths.confirmEmailChange]: 'a link',
  [sitePaths.undoEmailChange]: 'a link',
  [sitePaths.notMe]: 'a link',
  [sitePaths.endTrust]: 'closes',
  [sitePaths.factorRecovery]: 'a link',
  [sitePaths.stopFactorRecovery]: 'closes',
  [sitePaths.profile]: 'nothing that identifies',
  [sitePaths.brandingPreview]: 'changes nothing',
  [sitePaths.requestVerification]: 'a mail to an address that is theirs already',
  '/account/verify-email': 'a link',
  '/account/set-password': 'a link',
};
const guarded = accountForms.filter((path) => !(path in open));
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_ACCOUNT_DELETION: 'on' } });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function signedIn({ userName }: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account'), userName, password);
  return visitor;
}
const ageSessions = ({ id }: User) =>
  server.foundation.pool.query(
    `UPDATE provider_records SET payload = jsonb_set(payload::jsonb, '{loginTs}', to_jsonb((payload::jsonb->>'loginTs')::int - 960))::text
     WHERE account_id = $1 AND model = 'Session'`,
    [id],
  );
const changesOf = async ({ id }: User) =>
  (await server.foundation.read.query('SELECT type FROM audit_events WHERE target_id = $1 AND actor_id = $1', [id]))
    .length;

/** Where the form leads; the query of the request that asks for a sign-in. */
async function ask(visitor: WebVisitor, path: string): Promise<URLSearchParams | undefined> {
  const { answer, url } = await visitor.request(path, {
    method: 'POST',
    body: new URLSearchParams({ 'current-password': password, 'new-password': 'nine badgers count', confirm: 'yes' }),
  });
  const next = new URL(answer.headers.get('Location') ?? '', url);
  return next.pathname === '/authorize' ? next.searchParams : undefined;
}

describe('issue 5 item 10: sensitive changes ask for a recent strong sign-in', () => {
  it('each form is either open on purpose or guarded', () => {
    expect(Object.keys(open).filter((path) => !accountForms.includes(path))).toEqual([]);
    expect(guarded.length).toBeGreaterThan(7);
  });

  it.each(guarded)('%s: a sign-in without the second factor the person has is not enough', async (path) => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);
    await giveTotp(server, person.id);
    const before = await changesOf(person);

    const asked = await ask(visitor, path);

    expect(asked?.get('acr_values')).toBe('urn:doorward:acr:two-factors');
    expect(Number(asked?.get('max_age'))).toBeLessThan(900);
    expect(await changesOf(person)).toBe(before);
  });

  it.each(guarded)('%s: a strong sign-in of more than a quarter of an hour ago is not enough', async (path) => {
    const person = await aPerson(server);
    await giveTotp(server, person.id);
    const visitor = new WebVisitor(server);
    const code = await visitor.signIn(await visitor.get('/account'), person.userName, password);
    await visitor.submit(code, 'code', { code: codeNow() });
    await ageSessions(person);
    const before = await changesOf(person);

    expect((await ask(visitor, path))?.has('max_age')).toBe(true);
    expect(await changesOf(person)).toBe(before);
  });

  it.each(guarded.filter((path) => path !== sitePaths.changePassword))(
    '%s: nor is an old one of whoever has a password alone',
    async (path) => {
      const person = await aPerson(server);
      const visitor = await signedIn(person);
      await ageSessions(person);

      expect((await ask(visitor, path))?.has('max_age')).toBe(true);
    },
  );

  it('a password is changed with an old session: the form proves the current one', async () => {
    const person = await aPerson(server);
    const visitor = await signedIn(person);
    await ageSessions(person);

    expect(await ask(visitor, sitePaths.changePassword)).toBeUndefined();
  });

  it.each(guarded)('%s: whoever is not signed in is led to sign in', async (path) => {
    expect(await ask(new WebVisitor(server), path)).toBeDefined();
  });
});
