import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { amendUser } from '../../../../src/domain/lifecycle/amend-user.ts';
import {
  createUserAttribute,
  deleteUserAttribute,
  updateUserAttribute,
} from '../../../../src/domain/user-attributes/change-user-attribute.ts';
import { listUserAttributes } from '../../../../src/domain/user-attributes/user-attribute.ts';
import { userAttributeInput } from '../../../../src/domain/user-attributes/user-attribute-input.ts';
import { CUSTOM } from '../../../../src/domain/users/custom-input.ts';
import { eventually } from '../../../support/eventually.ts';
import { aProvider, operator, type TestProvider } from '../../../support/provider.ts';
import { basic, obtainCode, redeem } from '../../../support/provider-browser.ts';
import { addClient, addUser } from '../../../support/provider-seed.ts';

let idp: TestProvider;
let alice: string;

beforeAll(async () => {
  idp = await aProvider();
  await addClient(idp, { clientId: 'web', secret: 'web-secret' });
  alice = await addUser(idp, { userName: 'alice' });
  await idp.transact(operator, async (tx) => {
    const told = { readableBy: ['admin', 'clients'] };
    for (const input of [
      { name: 'badge', schema: { type: 'string' }, ...told, claim: { name: 'badge_number', scope: 'profile' } },
      {
        name: 'lockers',
        schema: { type: 'array', items: { type: 'integer' } },
        ...told,
        claim: { name: 'lockers', scope: 'email' },
      },
      { name: 'salary', schema: { type: 'integer' } },
    ])
      await createUserAttribute(tx, userAttributeInput.parse(input));
    await amendUser(tx, { id: alice, patch: { [CUSTOM]: { badge: 'B-1', lockers: [7], salary: 5 } } });
  });
});

afterAll(() => idp.end());

async function userinfo(scope: string): Promise<Record<string, unknown>> {
  const { body } = await redeem(
    idp,
    await obtainCode(idp, { clientId: 'web', scope }, { accountId: alice }),
    basic('web', 'web-secret'),
  );
  const answer = await fetch(`${idp.issuer}/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } });
  return (await answer.json()) as Record<string, unknown>;
}

const supported = async () => {
  const answer = await fetch(`${idp.issuer}/.well-known/openid-configuration`);
  return ((await answer.json()) as { claims_supported: string[] }).claims_supported;
};

it('an attribute of the operator is told as its claim, with its scope alone; one without a claim never', async () => {
  await eventually(supported, (claims) => claims.includes('badge_number'));

  expect(await userinfo('openid profile')).toMatchObject({ sub: alice, badge_number: 'B-1' });
  const email = await userinfo('openid email');
  expect(email).toMatchObject({ lockers: [7] });
  expect(email).not.toHaveProperty('badge_number');
  const all = JSON.stringify(await userinfo('openid profile email phone address roles groups'));
  expect(all).not.toMatch(/salary|"B-1".*"B-1"/);
});

it('a claim that is taken away, or whose attribute is deleted, is told no more', async () => {
  const [badge, lockers] = await listUserAttributes(idp.read);
  await idp.transact(operator, (tx) =>
    updateUserAttribute(tx, { id: badge?.id ?? '', patch: { claim: null, readableBy: ['admin'] } }),
  );
  await idp.transact(operator, (tx) => deleteUserAttribute(tx, { id: lockers?.id ?? '' }));
  await eventually(supported, (claims) => !claims.includes('badge_number') && !claims.includes('lockers'));

  const told = await userinfo('openid profile email');

  expect(told).not.toHaveProperty('badge_number');
  expect(told).not.toHaveProperty('lockers');
});
