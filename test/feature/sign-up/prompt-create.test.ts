import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linkIn, mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { type Page, titleOf, WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';

const secret = 'nine badgers count the harvest';
let server: RunningServer;
let app: TestClient;
let count = 0;

beforeAll(async () => {
  server = await startServer({ env: { DOORWARD_REGISTRATION: 'open' } });
  app = await aClient(server, { firstParty: true });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

const anAddress = () => {
  count += 1;
  return `creator-${process.pid}-${count}@example.com`;
};

const begin = (visitor: WebVisitor, more = {}): Promise<Page> =>
  visitor.get(authorizeUrl(server, app, { prompt: 'create', ...more }));

/** By the link in the mail to the end of the second form. */
async function makeAccount(visitor: WebVisitor, address: string): Promise<Page> {
  const [mail] = await mailsTo(server, address);
  const link = linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`);
  const fields = { name: 'Ada', 'new-password': secret, 'new-password-again': secret };
  return visitor.submit(await visitor.get(link), 'new-password', fields);
}

const linkTo = ({ html }: Page, path: RegExp): string => path.exec(html)?.[0] ?? '';
const SIGN_IN = /\/interaction\/[\w-]+\/sign-in/;

describe('OpenID Initiating User Registration 1.0', () => {
  it('§3.1: prompt_values_supported says whether accounts can be made', async () => {
    const closed = await startServer();
    const valuesOf = async ({ issuer }: RunningServer) =>
      (
        (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
          prompt_values_supported: string[];
        }
      ).prompt_values_supported;

    const values = [await valuesOf(server), await valuesOf(closed)];
    await closed.stop();

    expect(values).toEqual([
      ['none', 'login', 'consent', 'create'],
      ['none', 'login', 'consent'],
    ]);
  });

  it('§4.1: where accounts cannot be made, prompt=create is refused with invalid_request', async () => {
    const closed = await startServer({ env: { DOORWARD_REGISTRATION: 'invitation' } });
    const client = await aClient(closed, { firstParty: true });

    const end = await new WebVisitor(closed).get(authorizeUrl(closed, client, { prompt: 'create' }));
    await closed.stop();

    expect(callback(end.url)).toMatchObject({ error: 'invalid_request' });
  });

  it('leads to the sign-up page, by the mail to an account, and back to the application signed in', async () => {
    const visitor = new WebVisitor(server);
    const address = anAddress();
    const page = await begin(visitor, { login_hint: address });

    const sent = await visitor.submit(page, 'email', { email: address });
    const ready = await makeAccount(visitor, address);
    const login = await visitor.get(linkTo(ready, SIGN_IN));
    const end = await visitor.signIn(login, address, secret);

    expect(titleOf(page)).toContain('Create an account');
    expect(page.html).toContain(`value="${address}"`);
    expect(titleOf(sent)).toContain('Look into your mail');
    expect(titleOf(ready)).toContain('Your account is ready');
    expect(titleOf(login)).toContain('Sign in');
    expect(callback(end.url).code).toBeDefined();
  });

  it('in another browser than the one that asked, the account is made and nothing goes on', async () => {
    const visitor = new WebVisitor(server);
    const address = anAddress();
    await visitor.submit(await begin(visitor), 'email', { email: address });

    const ready = await makeAccount(new WebVisitor(server), address);

    expect(ready.html).not.toMatch(SIGN_IN);
    expect(titleOf(ready)).toContain('Your account is ready');
  });

  it('whoever has an account skips it: with their session they are through, else they sign in', async () => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    const login = await visitor.submit(await begin(visitor), 'skip', { skip: 'yes' });
    const end = await visitor.signIn(login, user.userName, password);

    const again = await visitor.submit(await begin(visitor), 'skip', { skip: 'yes' });

    expect(callback(end.url).code).toBeDefined();
    expect(callback(again.url).code).toBeDefined();
  });

  it('somebody signed in who makes another account goes on as that one', async () => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    await visitor.signIn(await visitor.get(authorizeUrl(server, app)), user.userName, password);
    const address = anAddress();
    await visitor.submit(await begin(visitor), 'email', { email: address });

    const login = await visitor.get(linkTo(await makeAccount(visitor, address), SIGN_IN));
    const end = await visitor.signIn(login, address, secret);

    expect(login.html).not.toContain(user.userName);
    expect(callback(end.url).code).toBeDefined();
  });

  it.each([
    ['none', 'invalid_request'],
    ['login', undefined],
    ['consent', undefined],
  ])('with prompt=%s beside it', async (other, error) => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await begin(visitor, { prompt: `create ${other}` });
    if (error !== undefined) return expect(callback(page.url)).toMatchObject({ error });
    const login = await visitor.submit(page, 'skip', { skip: 'yes' });
    const next = await visitor.signIn(login, user.userName, password);

    const end = other === 'consent' ? await visitor.submit(next, 'decision', { decision: 'approve' }) : next;

    expect(callback(end.url).code).toBeDefined();
  });

  it('SECURITY-LESSONS 24: steps of a sign-in answer nothing at it, nor an address that is none', async () => {
    const user = await aPerson(server);
    const visitor = new WebVisitor(server);
    const page = await begin(visitor);
    const [, uid] = /\/interaction\/([\w-]+)/.exec(page.url) ?? [];

    for (const step of ['login', 'passkey', 'code', 'recovery-code', 'lost-factor', 'consent', 'switch']) {
      const answer = await visitor.post(`${server.issuer}/interaction/${uid}/${step}`, {
        username: user.userName,
        password,
      });
      expect(titleOf(answer)).toContain('Create an account');
    }
    const wrong = await visitor.submit(page, 'email', { email: 'nobody' });
    const foreign = await visitor.post(`${server.issuer}/interaction/${uid}/create`, { email: anAddress() });
    const cancelled = await visitor.get(authorizeUrl(server, app, { prompt: 'none' }));

    expect([wrong.status, foreign.status]).toEqual([422, 200]);
    expect(callback(cancelled.url)).toMatchObject({ error: 'login_required' });
  });
});
