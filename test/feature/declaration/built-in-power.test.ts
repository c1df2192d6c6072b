import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRole } from '../../../src/domain/access/create-role.ts';
import { findRoleByName } from '../../../src/domain/access/role.ts';
import { updateRole } from '../../../src/domain/access/update-role.ts';
import { clientInput } from '../../../src/domain/clients/client-input.ts';
import { createClientSecretKeeper } from '../../../src/domain/clients/client-secret-keeper.ts';
import { getRegisteredClient } from '../../../src/domain/clients/registered-client.ts';
import { admitClient } from '../../../src/domain/lifecycle/admit-client.ts';
import { administrator, anInstallation, type Installation } from './an-installation.ts';

const FILE = `
clients:
  - client_id: worker
    client_secret: a secret of the file, long enough
    grant_types: [client_credentials]
    response_types: []
    redirect_uris: []
    permissions: [{ resource: 'urn:doorward:admin', values: ['users:write'] }]
roles:
  - name: operators
    permissions: [{ resource: 'urn:doorward:admin', values: ['users:write'] }]
  - name: heirs
    inherits: [operators]
`;

const keeper = createClientSecretKeeper({ derive: () => Buffer.alloc(32), seal: () => Buffer.alloc(1) });

describe('SECURITY-LESSONS 14: a declared name lends no power to what somebody else made under it', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
    await installation.transact(administrator, async (tx) => {
      const input = clientInput.parse({
        client_id: 'worker',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      });
      await admitClient(tx, { input, keeper });
      await createRole(tx, { name: 'operators', permissions: [], inherits: [] });
      await createRole(tx, { name: 'heirs', permissions: [], inherits: [] });
    });
  });
  afterAll(() => installation.end());

  it('applying gives it no permission of a built-in resource server, directly or by inheritance, and says so', async () => {
    const { notes } = await installation.apply(FILE);

    const [operators, heirs] = await Promise.all(
      ['operators', 'heirs'].map((name) => findRoleByName(installation.read, name)),
    );
    expect((await getRegisteredClient(installation.read, 'worker')).permissions).toEqual([]);
    expect([operators?.permissions, heirs?.inherits]).toEqual([[], []]);
    expect(notes.filter((note) => note.includes('was not made by a file'))).toHaveLength(3);
  });
});

describe('SECURITY-LESSONS 14: what a file made keeps its power', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
    await installation.apply(FILE);
  });
  afterAll(() => installation.end());

  it('a file gives its own clients and roles what it says', async () => {
    const operators = await findRoleByName(installation.read, 'operators');

    expect((await getRegisteredClient(installation.read, 'worker')).permissions).toHaveLength(1);
    expect(operators?.permissions).toHaveLength(1);
  });

  it('nobody empties a declared role whose power they do not hold: the next apply would fill it again for its new holders', async () => {
    const operators = await findRoleByName(installation.read, 'operators');
    const delegate = { type: 'client', id: 'a-delegate' } as const;

    const attempt = installation.transact(delegate, (tx) =>
      updateRole(tx, { id: operators?.id ?? '', patch: { permissions: [] } }),
    );

    await expect(attempt).rejects.toMatchObject({ kind: 'forbidden', code: 'access.exceeds_own_permissions' });
  });
});
