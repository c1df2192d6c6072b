import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anInstallation, type Installation } from './an-installation.ts';

const FILE = `
policies:
  - name: Clerks
    clientId: shop
    rules:
      - { effect: allow, when: { networks: [10.0.0.0/8] } }
      - { effect: require, when: { roles: [clerk], groups: [Sales] }, requirements: { factors: two_factors } }
  - { name: Closed, enabled: false, rules: [{ effect: deny, reason: Closed. }] }
roles: [{ name: clerk }]
groups: [{ displayName: Sales }]
clients: [{ client_id: shop, redirect_uris: ['http://localhost:4000/callback'], token_endpoint_auth_method: none }]
`;

describe('policies in a declarative file', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());

  it('are made after what they name; a second run changes nothing', async () => {
    const { steps } = await installation.apply(FILE);

    expect(steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`).slice(-2)).toEqual([
      'create policy Clerks',
      'create policy Closed',
    ]);
    expect((await installation.apply(FILE)).steps).toEqual([]);
  });

  it('follow the file, and say what cannot change', async () => {
    const { steps, notes } = await installation.apply(FILE.replace('    clientId: shop\n', '').replace('10.0', '10.1'));

    expect(steps).toMatchObject([{ action: 'update', noun: 'policy', name: 'Clerks' }]);
    expect(notes).toEqual([expect.stringContaining('clientId does not change')]);
  });

  it('an export applies to an empty installation and gives the same again', async () => {
    const text = await installation.export();
    const elsewhere = await anInstallation();
    await elsewhere.apply(text);

    expect(text).toContain('two_factors');
    expect(await elsewhere.export()).toBe(text);
    await elsewhere.end();
  });

  it('a name that nothing has is refused, and nothing is done', async () => {
    await expect(installation.apply(FILE.replace('[clerk]', '[clark]'))).rejects.toMatchObject({
      code: 'policies.invalid',
    });
  });

  it('hold the passwords of people whom a later file makes to their rules, and of nobody who exists', async () => {
    const requirements = { passwordMinimumLength: 14, passwordRefusesNames: true };
    const policies = [{ name: 'Passwords', rules: [{ effect: 'require', requirements }] }];
    const alice = { userName: 'alice', password: 'nine badgers' };
    const text = (...users: object[]) => JSON.stringify({ policies, users });
    await installation.apply(text(alice));
    const makes = (...users: object[]) => installation.apply(text(alice, ...users));

    await expect(
      makes({ userName: 'bob', password: 'nine badgers' }, { userName: 'harvester', password: 'my harvester sings' }),
    ).rejects.toMatchObject({
      code: 'declarations.invalid',
      places: [
        { pointer: '/users/1/password', code: 'credentials.password_too_short' },
        { pointer: '/users/2/password', code: 'credentials.password_holds_name' },
      ],
    });
    expect((await makes({ userName: 'bob', password: 'nine badgers count corn' })).steps).toHaveLength(1);
  });
});
