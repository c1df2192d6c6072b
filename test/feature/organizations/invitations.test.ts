import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../support/admin-api.ts';
import { linkIn, mailsTo } from '../../support/mail.ts';
import { items, type TwoOrganizations, twoOrganizations } from './two-organizations.ts';

let world: TwoOrganizations;
let count = 0;

beforeAll(async () => {
  world = await twoOrganizations();
}, 60_000);

afterAll(async () => {
  expect(world.server.errors).toEqual([]);
  await world.close();
});

const anAddress = () => {
  count += 1;
  return `invited-${process.pid}-${count}@example.com`;
};

async function invite(email: string, mails = 1): Promise<{ invitation: Json; link: string; token: string }> {
  const invitation = await world.inA.post(`/organizations/${world.a.id}/invitations`, { email });
  const [mail] = await mailsTo(world.server, email, mails);
  const link = linkIn(mail ?? { text: '' }, `${world.server.issuer}/invitations/accept?token=`);
  return { invitation, link, token: new URL(link).searchParams.get('token') ?? '' };
}

const accept = async (token: string, more: Record<string, string> = {}) => {
  const body = new URLSearchParams({ token, ...more });
  const answer = await fetch(`${world.server.origin}/invitations/accept`, { method: 'POST', body });
  return { status: answer.status, text: await answer.text() };
};
const newcomer = {
  name: 'Ada Archer',
  'new-password': 'ten brown hens cross the yard',
  'new-password-again': 'ten brown hens cross the yard',
};
const membersOf = async (id: string) => items(await world.everywhere.get(`/organizations/${id}/members`), 'members');
const verify = (userId: unknown) =>
  world.server.foundation.dataSource.query('UPDATE user_emails SET is_verified = true WHERE user_id = $1', [userId]);

describe('SECURITY-LESSONS 16: an invitation is bound to organization and address, for one use', () => {
  it('somebody new makes an account with the address and is a guest; the link is then used up', async () => {
    const address = anAddress();
    const { link, token } = await invite(address);
    const page = await (await fetch(link)).text();
    const again = await fetch(link);
    const done = await accept(token, newcomer);
    const [person] = items(await world.everywhere.get(`/users?userName=${address}`), 'users');

    expect(page).toContain(address);
    expect([again.status, done.status]).toEqual([200, 200]);
    expect(person).toMatchObject({ emails: [{ value: address, verified: true }] });
    expect(await membersOf(world.a.id)).toContainEqual({ value: person?.id, display: 'Ada Archer', managed: false });
    expect([(await accept(token, newcomer)).status, (await fetch(link)).status]).toEqual([410, 410]);
  });

  it('who has the address, proved, joins with their account; whoever else has it as a name does not', async () => {
    const address = anAddress();
    const { id } = await world.everywhere.post('/users', {
      userName: 'holder',
      sendInvitation: false,
      emails: [{ value: address, primary: true }],
    });
    await verify(id);
    const squatted = anAddress();
    await world.everywhere.post('/users', {
      userName: squatted,
      sendInvitation: false,
      emails: [{ value: squatted, primary: true }],
    });
    const mine = await invite(address);
    const theirs = await invite(squatted);

    expect(await (await fetch(mine.link)).text()).toContain('holder');
    expect((await accept(mine.token)).status).toBe(200);
    expect((await membersOf(world.a.id)).map(({ value }) => value)).toContain(id);
    expect((await accept(theirs.token, newcomer)).status).toBe(409);
    expect((await membersOf(world.a.id)).map(({ display }) => display)).not.toContain(squatted);
  });

  it('who has several accounts with the address says which one joins; what is no account of theirs uses nothing up', async () => {
    const address = anAddress();
    const two = ['first', 'second'].map((name) =>
      world.everywhere.post('/users', {
        userName: `${name}-${address}`,
        sendInvitation: false,
        emails: [{ value: address, primary: true }],
      }),
    );
    const [first, second] = await Promise.all(two);
    const stranger = await world.everywhere.post('/users', { userName: `s-${address}`, sendInvitation: false });
    await verify(first?.id);
    await verify(second?.id);
    const { link, token } = await invite(address);
    const page = await (await fetch(link)).text();
    const refused = [await accept(token), await accept(token, { account: String(stranger.id) })];
    const joined = await accept(token, { account: String(second?.id) });

    expect(page).toContain(`first-${address}`);
    expect(page).toContain(`second-${address}`);
    expect(refused.map(({ status }) => status)).toEqual([422, 422]);
    expect(joined.status).toBe(200);
    const members = (await membersOf(world.a.id)).map(({ value }) => value);
    expect(members.filter((id) => [first?.id, second?.id, stranger.id].includes(id))).toEqual([second?.id]);
  });

  it('of many at once one wins', async () => {
    const { token } = await invite(anAddress());
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token, newcomer)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 409, 410].includes(status))).toBe(true);
  });

  it('one that was replaced, withdrawn or has run out, is forged, or is of a suspended organization, or of one below that, opens nothing', async () => {
    const { a, everywhere, inA, server } = world;
    const above = await everywhere.post('/organizations', { name: 'Above' });
    await everywhere.patch(`/organizations/${a.id}`, { parentId: above.id });
    const address = anAddress();
    const first = await invite(address);
    const second = await invite(address, 2);
    const tokens: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      [first.token, async () => {}, async () => {}],
      ['forged', async () => {}, async () => {}],
      [
        second.token,
        () => everywhere.patch(`/organizations/${a.id}`, { status: 'suspended' }),
        () => everywhere.patch(`/organizations/${a.id}`, { status: 'active' }),
      ],
      [
        second.token,
        () => everywhere.patch(`/organizations/${above.id}`, { status: 'suspended' }),
        () => everywhere.patch(`/organizations/${above.id}`, { status: 'active' }),
      ],
      [
        second.token,
        () =>
          server.foundation.dataSource.query(
            `UPDATE organization_invitations SET expires_at = now() WHERE accepted_at IS NULL`,
          ),
        async () => {},
      ],
    ];
    for (const [token, before, after] of tokens) {
      await before();
      expect((await accept(token, newcomer)).status).toBe(410);
      await after();
    }
    const third = await invite(address, 3);
    expect((await inA.call('DELETE', `/organizations/${a.id}/invitations/${third.invitation.id}`)).status).toBe(204);
    expect((await accept(third.token, newcomer)).status).toBe(410);
    expect(items(await everywhere.get(`/users?userName=${address}`), 'users')).toEqual([]);
  });

  it('of several for one address at once each answers, and one is open', async () => {
    const { a, inA, server } = world;
    const email = anAddress();
    const path = `/organizations/${a.id}/invitations`;

    const answers = await Promise.all(Array.from({ length: 10 }, () => inA.call('POST', path, { email })));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
    const open = await server.foundation.read.query('SELECT 1 FROM organization_invitations WHERE address = $1', [
      email,
    ]);
    expect(open).toHaveLength(1);
  });

  it('an organization has a limited number of open ones, so that it cannot write to everybody', async () => {
    const { everywhere, server } = world;
    const { id } = await everywhere.post('/organizations', { name: 'Inviting' });
    const path = `/organizations/${id}/invitations`;
    const fill = (from: number, to: number, expiry: string) =>
      server.foundation.dataSource.query(
        `INSERT INTO organization_invitations (id, organization_id, address, address_key, created_at, expires_at)
         SELECT gen_random_uuid(), $1, 'p' || n || '@example.com', 'p' || n || '@example.com', now(), now() + $4::interval
         FROM generate_series($2::int, $3) n`,
        [id, from, to, expiry],
      );
    await fill(1, 4999, '1 day');
    await fill(5000, 5100, '-1 day');
    const last = await everywhere.call('POST', path, { email: anAddress() });
    const beyond = await everywhere.call('POST', path, { email: anAddress() });
    const replaced = await everywhere.call('POST', path, { email: 'p1@example.com' });

    expect([last.status, beyond.status, replaced.status]).toEqual([201, 409, 201]);
    expect(beyond.body).toMatchObject({ code: 'organizations.too_many_invitations' });
  });

  it('is nothing of another organization, neither to see nor to withdraw', async () => {
    const { b, inA, everywhere } = world;
    const made = await everywhere.post(`/organizations/${b.id}/invitations`, { email: anAddress() });
    const path = `/organizations/${b.id}/invitations`;

    expect((await inA.call('GET', path)).status).toBe(404);
    expect((await inA.call('POST', path, { email: anAddress() })).status).toBe(404);
    expect((await inA.call('DELETE', `${path}/${made.id}`)).status).toBe(404);
    expect((await inA.call('DELETE', `/organizations/${world.a.id}/invitations/${made.id}`)).status).toBe(404);
    expect(
      (await world.server.foundation.read.query('SELECT 1 FROM organization_invitations WHERE id = $1', [made.id]))
        .length,
    ).toBe(1);
  });
});
