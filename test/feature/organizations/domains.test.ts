import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTxtLookup } from '../../../src/connectors/look-up-txt.ts';
import { completeSignUp } from '../../../src/domain/lifecycle/sign-up.ts';
import { domainName, domainOfAddress } from '../../../src/domain/organizations/domain-name.ts';
import { recheckDomains } from '../../../src/domain/organizations/recheck-domains.ts';
import { type AdminApi, addAdminClient, adminApi, type Json } from '../../support/admin-api.ts';
import { linkIn, mailsTo } from '../../support/mail.ts';
import { type NameServer, type NameServerReply, startNameServer, txt } from '../../support/name-server.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
let names: NameServer;
let server: RunningServer;
let api: AdminApi;
let count = 0;

beforeAll(async () => {
  names = await startNameServer();
  server = await startServer({ env: { DOORWARD_REGISTRATION: 'open', DOORWARD_DNS_SERVERS: names.address } });
  api = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
});
afterAll(async () => {
  expect(server.errors).toEqual([]);
  await server.stop();
  await names.stop();
});

type Claim = { readonly organization: string; readonly path: string; readonly domain: string; readonly record: string };
const recordOf = ({ record }: Json): string => String((record as Json).name);
const challengeOf = ({ record }: Json): string => String((record as Json).value);

async function aClaim(domain?: string, organization?: string): Promise<Claim & { readonly value: string }> {
  count += 1;
  const name = domain ?? `acme-${count}.example`;
  const id = organization ?? String((await api.post('/organizations', { name: `Acme ${count}` })).id);
  const made = await api.post(`/organizations/${id}/domains`, { domain: name });
  const path = `/organizations/${id}/domains/${made.id}`;
  return { organization: id, path, domain: name, record: recordOf(made), value: challengeOf(made) };
}
const check = (claim: Claim) => api.call('POST', `${claim.path}/check`);
async function aVerified(domain?: string): Promise<Claim & { readonly value: string }> {
  const claim = await aClaim(domain);
  names.zone.set(claim.record, txt(claim.record, claim.value));
  expect((await check(claim)).body.status).toBe('verified');
  return claim;
}
const confirmedDaysAgo = (claim: Claim, days: number) =>
  server.foundation.dataSource.query(
    `UPDATE organization_domains SET confirmed_at = now() - $2 * interval '1 day', checked_at = now() - $2 * interval '1 day'
     WHERE id = $1`,
    [claim.path.split('/').at(-1), days],
  );
const standing = async (claim: Claim) =>
  ((await api.get(`/organizations/${claim.organization}/domains`)).domains as Json[])[0]?.status;
async function signUp(address: string): Promise<void> {
  const visitor = new WebVisitor(server);
  await visitor.submit(await visitor.get('/sign-up'), 'email', { email: address });
  const [mail] = await mailsTo(server, address);
  const page = await visitor.get(linkIn(mail ?? { text: '' }, `${server.issuer}/sign-up/complete?token=`));
  const secret = 'nine badgers count the harvest';
  await visitor.submit(page, 'new-password', { name: 'Ada', 'new-password': secret, 'new-password-again': secret });
}
const membersOf = async ({ organization }: Claim) =>
  (await api.get(`/organizations/${organization}/members`)).members as Json[];
const eventsOf = async ({ organization }: Claim) => {
  const rows = await server.foundation.read.query<{ type: string; outcome: string; reason: string | null }>(
    `SELECT type, outcome, reason FROM audit_events WHERE target_id = $1 AND type ~ 'domains|members' ORDER BY occurred_at, id`,
    [organization],
  );
  return rows.map(({ type, reason }) => (reason === null ? type : `${type} ${reason}`));
};

describe('issue 4 §2: domains of organizations, shown by a TXT record', () => {
  it('are named, wait, and count once the record is there; everything is in the audit log', async () => {
    const claim = await aClaim();

    const before = await check(claim);
    names.zone.set(claim.record, txt(claim.record, 'v=spf1 -all', claim.value));
    const after = await check(claim);

    expect(claim.record).toBe(`_doorward-challenge.${claim.domain}`);
    expect(before.body).toMatchObject({ status: 'pending', fault: 'no_record' });
    expect(after.body).toMatchObject({ status: 'verified', confirmedAt: expect.any(String) });
    expect(after.body.fault).toBeUndefined();
    expect((await api.call('DELETE', claim.path)).status).toBe(204);
    expect((await check(claim)).status).toBe(404);
    expect(await eventsOf(claim)).toEqual([
      'organization-domains.added',
      'organization-domains.checked no_record',
      'organization-domains.verified',
      'organization-domains.removed',
    ]);
  });

  it('a sign-up with a proved address of the domain leads into the organization, as a guest', async () => {
    const claim = await aVerified();

    await signUp(`ada@${claim.domain.toUpperCase()}`);
    await signUp(`bea@sub.${claim.domain}`);
    await signUp(`cid@not${claim.domain}`);

    expect(await membersOf(claim)).toEqual([expect.objectContaining({ display: 'Ada', managed: false })]);
    expect(await eventsOf(claim)).toContain('organization-members.added');
  });

  it('nobody joins by a domain that is only named, lapsed, taken away, or of a suspended organization', async () => {
    const [named, lapsed, removed, suspended] = [
      await aClaim(),
      await aVerified(),
      await aVerified(),
      await aVerified(),
    ];
    await confirmedDaysAgo(lapsed, 8);
    await api.delete(removed.path);
    await api.patch(`/organizations/${suspended.organization}`, { status: 'suspended' });

    for (const { domain } of [named, lapsed, removed, suspended]) await signUp(`dan@${domain}`);

    for (const claim of [named, lapsed, removed, suspended]) expect(await membersOf(claim)).toEqual([]);
  });

  it('a refused link joins nobody', async () => {
    const claim = await aVerified();

    const wish = { token: 'x'.repeat(43), displayName: 'Eve', hash: '$2b$04$x', terms: undefined, language: 'en' };
    await server.foundation.transact({ type: 'operator', id: 'test' }, (tx) => completeSignUp(tx, wish));

    expect(await membersOf(claim)).toEqual([]);
  });

  it('whether a domain counts is judged at use: it lapses a week after it was last seen, whoever looks or does not', async () => {
    const claim = await aVerified();
    await confirmedDaysAgo(claim, 6);
    const kept = await standing(claim);
    await confirmedDaysAgo(claim, 8);

    expect([kept, await standing(claim)]).toEqual(['verified', 'lapsed']);
  });

  it('the duty looks once a day: what is there stays, what is gone is told, and comes back when it is back', async () => {
    const [there, gone] = [await aVerified(), await aVerified()];
    for (const claim of [there, gone]) await confirmedDaysAgo(claim, 2);
    names.zone.delete(gone.record);
    const { read, transact } = server.foundation;
    const parts = { read, transact, lookUpTxt: createTxtLookup({ servers: [names.address] }) };

    await recheckDomains(parts, new Date());
    const asked = names.asked.length;
    await recheckDomains(parts, new Date());

    const [first] = (await api.get(`/organizations/${there.organization}/domains`)).domains as Json[];
    const [second] = (await api.get(`/organizations/${gone.organization}/domains`)).domains as Json[];
    expect(Date.parse(String(first?.confirmedAt))).toBeGreaterThan(Date.now() - DAY_MS);
    expect(second).toMatchObject({ status: 'verified', fault: 'no_record' });
    expect(names.asked.slice(asked)).not.toContain(gone.record);
    await confirmedDaysAgo(gone, 9);
    names.zone.set(gone.record, txt(gone.record, gone.value));
    await recheckDomains(parts, new Date());
    expect(await standing(gone)).toBe('verified');
  });

  it('is of one organization only, until its record was gone for a week', async () => {
    const first = await aVerified();
    const second = await aClaim(first.domain);
    names.zone.set(first.record, txt(first.record, first.value, second.value));

    const refused = await check(second);
    await confirmedDaysAgo(first, 8);
    const taken = await check(second);

    expect(refused).toMatchObject({ status: 409, body: { code: 'organizations.domain_claimed' } });
    expect(taken.body.status).toBe('verified');
    expect(await standing(first)).toBe('pending');
    expect(await eventsOf(first)).toContain('organization-domains.lost');
    expect((await check(first)).body.code).toBe('organizations.domain_claimed');
  });

  it('who administers the organization does it for it and those below, and takes over what another let lapse, unseen', async () => {
    const lost = await aVerified();
    await confirmedDaysAgo(lost, 8);
    const { id } = await api.post('/organizations', { name: `Own ${lost.domain}` });
    const below = await api.post('/organizations', { name: `Below ${lost.domain}`, parentId: id });
    const client = await addAdminClient(server.configuration.databaseUrl ?? '');
    await server.foundation.dataSource.query('UPDATE clients SET organization_id = $2 WHERE client_id = $1', [
      client.clientId,
      id,
    ]);
    const own = await adminApi({ url: server.issuer, client });
    const made = await own.post(`/organizations/${below.id}/domains`, { domain: lost.domain });
    const path = `/organizations/${below.id}/domains/${made.id}`;
    names.zone.set(recordOf(made), txt(recordOf(made), challengeOf(made)));

    expect((await own.call('POST', `${path}/check`)).body.status).toBe('verified');
    expect(await standing(lost)).toBe('pending');
    expect((await own.call('POST', `${lost.path}/check`)).status).toBe(404);
    expect((await own.call('GET', `/organizations/${lost.organization}/domains`)).status).toBe(404);
    expect((await own.call('DELETE', path)).status).toBe(204);
  });

  it('SECURITY-LESSONS 10: of many organizations that show it at once, one has it', async () => {
    const claims = [];
    for (let at = 0; at < 6; at += 1) claims.push(await aClaim('raced.example'));
    const [{ record } = { record: '' }] = claims;
    names.zone.set(record, txt(record, ...claims.map(({ value }) => value)));

    const statuses = (await Promise.all(claims.map(check))).map(({ status }) => status);

    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it('the record of one organization is nothing for another, nor for another domain of the same', async () => {
    const mine = await aVerified();
    const other = await aClaim(mine.domain);
    const more = await aClaim(undefined, mine.organization);
    names.zone.set(more.record, txt(more.record, mine.value));

    expect((await check(other)).body).toMatchObject({ status: 'pending', fault: 'wrong_record' });
    expect((await check(more)).body).toMatchObject({ status: 'pending', fault: 'wrong_record' });
  });

  it('is in several parts, and behind an alias, and then still found', async () => {
    const [parts, alias] = [await aClaim(), await aClaim()];
    const [head, tail] = [parts.value.slice(0, 20), parts.value.slice(20)];
    names.zone.set(parts.record, {
      answers: [{ type: 'TXT', name: parts.record, data: [Buffer.from(head), Buffer.from(tail)] }],
    });
    const target = `verify.${alias.domain}`;
    names.zone.set(alias.record, {
      answers: [
        { type: 'CNAME', name: alias.record, data: target },
        { type: 'TXT', name: target, data: alias.value },
      ],
    });

    expect((await check(parts)).body.status).toBe('verified');
    expect((await check(alias)).body.status).toBe('verified');
  });

  const loop = (name: string): NameServerReply => ({
    answers: [
      { type: 'CNAME', name, data: `a.${name}` },
      { type: 'CNAME', name: `a.${name}`, data: name },
    ],
  });
  const hostile: readonly (readonly [string, (claim: Claim & { value: string }) => NameServerReply, string])[] = [
    ['a name that does not exist', () => ({ rcode: 3 }), 'no_record'],
    ['no record', () => ({}), 'no_record'],
    ['a failure of theirs', () => ({ rcode: 2 }), 'no_answer'],
    ['a refusal', () => ({ rcode: 5 }), 'no_answer'],
    ['silence', () => 'silence', 'no_answer'],
    ['aliases in a circle', ({ record }) => loop(record), 'no_record'],
    [
      '60 KB of others',
      ({ record }) => txt(record, ...Array.from({ length: 60 }, () => 'x'.repeat(1000))),
      'wrong_record',
    ],
    ['the value with more behind it', ({ record, value }) => txt(record, `${value}x`), 'wrong_record'],
    ['the value in other letters', ({ record, value }) => txt(record, value.toUpperCase()), 'wrong_record'],
    ['bytes that are no text', ({ record }) => txt(record, '\u0000\uFFFD'), 'wrong_record'],
    ['an empty record', ({ record }) => txt(record, ''), 'wrong_record'],
    ['bytes that are no answer', () => Buffer.from('ffff00010001ffff', 'hex'), 'no_answer'],
  ];
  it.each(hostile)(
    '%s is said as it is and confirms nothing',
    async (_, replyFor, fault) => {
      const claim = await aClaim();
      names.zone.set(claim.record, replyFor(claim));

      expect(await check(claim)).toMatchObject({ status: 200, body: { status: 'pending', fault } });
    },
    30_000,
  );

  it('60 KB that hold the value are read to the end', async () => {
    const claim = await aClaim();
    const others = Array.from({ length: 58 }, () => 'x'.repeat(1000));
    names.zone.set(claim.record, txt(claim.record, ...others, claim.value));

    expect((await check(claim)).body.status).toBe('verified');
  });

  it.each([
    'localhost',
    '10.0.0.1',
    '[::1]',
    'a..b',
    '-a.example',
    'a_b.example',
    'example.com/path',
    'user@example.com',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(120)}example`,
    '*.example.com',
    'exa mple.com',
    '',
    7,
  ])('%p is no domain', async (domain) => {
    const { organization } = await aClaim();

    const reply = await api.call('POST', `/organizations/${organization}/domains`, { domain });
    expect([reply.status, (reply.body.errors as Json[])[0]?.pointer]).toEqual([422, '/domain']);
  });

  it('is the same in every spelling, and no look-alike address is of it (SECURITY-LESSONS 2)', async () => {
    const { organization } = await aClaim('bücher.example');

    const again = await api.call('POST', `/organizations/${organization}/domains`, {
      domain: 'XN--BCHER-KVA.example.',
    });

    expect(again.body.code).toBe('organizations.domain_exists');
    expect(domainName.parse('Bücher.Example')).toBe('xn--bcher-kva.example');
    expect(domainOfAddress('a@bücher.example')).toBe('xn--bcher-kva.example');
    expect(domainOfAddress('a@b@EXAMPLE.com')).toBe('example.com');
    for (const address of ['a@ｅxample.com', 'a@example。com', 'a@exam­ple.com', 'a@[10.0.0.1]', 'a@example.com.'])
      expect(domainOfAddress(address)).toBeUndefined();
  });

  it('SECURITY-LESSONS 17: nothing but the domain is taken from whoever names one', async () => {
    const { organization } = await aClaim();

    for (const member of ['confirmedAt', 'challenge', 'status', 'organizationId', 'id', 'checkedAt']) {
      const body = { domain: `x${count}.example`, [member]: '2026-01-01T00:00:00Z' };
      expect((await api.call('POST', `/organizations/${organization}/domains`, body)).status).toBe(422);
    }
  });

  it('an organization has at most a hundred', async () => {
    const { organization } = await aClaim();
    for (let at = 1; at < 100; at += 1)
      await api.post(`/organizations/${organization}/domains`, { domain: `d${at}.many.example` });

    const one = await api.call('POST', `/organizations/${organization}/domains`, { domain: 'd100.many.example' });
    expect(one).toMatchObject({ status: 409, body: { code: 'organizations.too_many_domains' } });
  });
});
