import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addAdminClient, adminApi } from '../../support/admin-api.ts';
import { linkIn, mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { titleOf, WebVisitor } from '../../support/web-visitor.ts';

const secret = 'nine badgers count the harvest';
let server: RunningServer;
let count = 0;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
});

async function create(body: object, on = server) {
  count += 1;
  const address = `newcomer-${process.pid}-${count}@example.com`;
  const api = await adminApi({ url: on.issuer, client: await addAdminClient(on.configuration.databaseUrl ?? '') });
  const answer = await api.call('POST', '/users', {
    userName: `newcomer-${process.pid}-${count}`,
    emails: [{ value: address }],
    ...body,
  });
  return { ...answer, address };
}

describe('an invitation (DESIGN §2c)', () => {
  it('comes to whoever is made without a password; using it sets one and proves the address', async () => {
    const { address } = await create({});
    const [mail] = await mailsTo(server, address);
    const visitor = new WebVisitor(server);
    const page = await visitor.get(linkIn(mail ?? { text: '' }, `${server.issuer}/account/set-password?token=`));

    const done = await visitor.submit(page, 'new-password', { 'new-password': secret, 'new-password-again': secret });

    expect(mail?.subject).toBe('Your new account');
    expect(titleOf(done)).toContain('Your password is set');
    const here = new WebVisitor(server);
    expect((await here.signIn(await here.get('/account'), address, secret)).html).toContain('verified');
  });

  it.each([
    ['with a password', { password: secret }],
    ['when it is not wanted', { sendInvitation: false }],
    ['without an address', { emails: [] }],
  ])('nobody is written to %s', async (_, body) => {
    const { status, address } = await create(body);
    await outboxDrained(server);

    expect(status).toBe(201);
    expect(await mailsTo(server, address, 0)).toEqual([]);
  });

  it.each([
    ['with a password', { password: secret }],
    ['without an address', { emails: [] }],
  ])('one that was asked for and cannot be sent, %s, is refused, and nobody was made', async (_, body) => {
    const answer = await create({ ...body, sendInvitation: true });

    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ pointer: '/sendInvitation' }]);
  });

  it('without a mail server in production it is refused when asked for, and else left out', async () => {
    const other = await startServer({ env: { NODE_ENV: 'production', DOORWARD_BCRYPT_COST: '10' } });
    const [asked, plain] = [await create({ sendInvitation: true }, other), await create({}, other)];
    await other.stop();

    expect([asked.status, plain.status]).toEqual([422, 201]);
  });
});
