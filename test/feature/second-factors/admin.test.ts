import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openFactorRecovery } from '../../../src/domain/credentials/factor-recoveries.ts';
import { totpCode, totpStep } from '../../../src/domain/credentials/totp.ts';
import { addTotp } from '../../../src/domain/lifecycle/change-second-factors.ts';
import { recoverAdministrator } from '../../../src/domain/lifecycle/recover-administrator.ts';
import { addSecondFactorRoutes } from '../../../src/endpoints/admin/second-factors.ts';
import { aPeopleApi, operator, type PeopleApi } from '../admin/people-api.ts';
import { secondFactors } from '../authentication/a-sign-in-process.ts';
import { seed } from './a-second-factor.ts';

let api: PeopleApi;

beforeAll(async () => {
  api = await aPeopleApi(addSecondFactorRoutes);
});
afterAll(() => api.close());

async function aUserWithTotp(): Promise<{ id: string; codes: readonly string[] }> {
  const id = await api.aUser();
  const code = totpCode(seed, totpStep(api.clock.now()));
  const added = await api.transact({ type: 'user', id }, (tx) =>
    addTotp(tx, secondFactors, { userId: id, seed, code }),
  );
  if (added.kind !== 'added') throw new Error(added.kind);
  return { id, codes: added.recoveryCodes };
}

it('SECURITY-LESSONS 39: an administrator sees that there is a second factor, and no secret of it', async () => {
  const { id, codes } = await aUserWithTotp();

  const reply = await api.call('GET', `/users/${id}/second-factors`);

  expect(reply.body).toEqual({
    totp: { createdAt: expect.any(String), lastUsedAt: expect.any(String) },
    passkeys: [],
    recoveryCodesLeft: 10,
  });
  for (const code of codes) expect(reply.text).not.toContain(code);
});

it('an administrator removes them: recorded, told by mail, and again changes nothing', async () => {
  const { id } = await aUserWithTotp();

  const first = await api.call('DELETE', `/users/${id}/second-factors`);
  const again = await api.call('DELETE', `/users/${id}/second-factors`);

  expect([first.status, again.status]).toEqual([204, 204]);
  expect(await api.auditOf(first)).toMatchObject([{ type: 'second-factors.removed', targetId: id }]);
  expect(await api.auditOf(again)).toEqual([]);
  expect((await api.call('GET', `/users/${id}/second-factors`)).body).toEqual({ passkeys: [], recoveryCodesLeft: 0 });
  const mails = await api.read.query(
    `SELECT FROM outbox_messages WHERE payload->>'userId' = $1 AND payload->>'change' = 'removed_by_administrator'`,
    [id],
  );
  expect(mails).toHaveLength(1);
});

it.each([
  ['GET', [], 403],
  ['DELETE', ['users:read'], 403],
  ['DELETE', null, 401],
] as const)('%s with %j is refused and removes nothing', async (method, permissions, status) => {
  const { id } = await aUserWithTotp();
  const token = permissions && api.tokenFor(permissions);

  const reply = await api.call(method, `/users/${id}/second-factors`, { token });

  expect(reply.status).toBe(status);
  expect((await api.call('GET', `/users/${id}/second-factors`)).body).toHaveProperty('totp');
});

it('a second person sees that somebody says they are lost, and stops it', async () => {
  const { id } = await aUserWithTotp();
  await api.transact(operator, async (tx) => {
    await openFactorRecovery(tx, { userId: id, days: 7 });
    tx.record({ type: 'factor-recoveries.requested', target: { type: 'user', id } });
  });
  const before = await api.call('GET', `/users/${id}/second-factors`);
  const refused = await api.call('DELETE', `/users/${id}/second-factors/recovery`, {
    token: api.tokenFor(['users:read']),
  });

  const first = await api.call('DELETE', `/users/${id}/second-factors/recovery`);
  const again = await api.call('DELETE', `/users/${id}/second-factors/recovery`);

  expect(before.body).toHaveProperty('lostSince.ripeAt');
  expect([refused.status, first.status, again.status]).toEqual([403, 204, 204]);
  expect(await api.auditOf(first)).toMatchObject([
    { type: 'factor-recoveries.stopped', targetId: id, details: { by: 'administrator' } },
  ]);
  expect(await api.auditOf(again)).toEqual([]);
  expect((await api.call('GET', `/users/${id}/second-factors`)).body).not.toHaveProperty('lostSince');
});

it.each(['GET', 'DELETE'])('%s for nobody is a 404', async (method) => {
  for (const id of ['00000000-0000-7000-8000-000000000000', 'not-an-id'])
    expect((await api.call(method, `/users/${id}/second-factors`)).status).toBe(404);
});

it('break-glass lets somebody in whose second factor is lost as well', async () => {
  const { id } = await aUserWithTotp();

  await api.transact(operator, (tx) => recoverAdministrator(tx, { userId: id }));

  expect((await api.call('GET', `/users/${id}/second-factors`)).body).toEqual({ passkeys: [], recoveryCodesLeft: 0 });
});
