import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTERPRISE } from '../../../src/domain/users/enterprise-input.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { anInstallation, type Installation } from './an-installation.ts';

const FILE = `
users:
  - userName: clerk@example.com
    title: Clerk
    ${ENTERPRISE}: { department: Sales, manager: { userName: BOSS@example.com } }
  - userName: boss@example.com
`;

describe('RFC 7643 §4.3 in a declarative file', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());

  const person = (userName: string) => findUserByUserName(installation.read, userName);
  const managerOf = async (userName: string) => (await person(userName))?.[ENTERPRISE]?.manager?.value;

  it('a manager is named by userName, also one further down; a second run changes nothing', async () => {
    const { steps } = await installation.apply(FILE);

    expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual([
      'create clerk@example.com',
      'create boss@example.com',
      'update clerk@example.com',
    ]);
    expect(await managerOf('clerk@example.com')).toBe((await person('boss@example.com'))?.id);
    expect((await installation.apply(FILE)).steps).toEqual([]);
  });

  it('what a file does not say of the enterprise attributes stays; a manager who is there needs no entry', async () => {
    const entry = `{ userName: clerk@example.com, ${JSON.stringify(ENTERPRISE)}: { costCenter: "12" } }`;

    await installation.apply(`users: [${entry}]`);
    await installation.apply(FILE.replace('  - userName: boss@example.com\n', ''));

    const clerk = await person('clerk@example.com');
    expect(clerk?.[ENTERPRISE]).toMatchObject({ department: 'Sales', costCenter: '12', manager: {} });
  });

  it('an export names the manager by userName and applies to an empty installation', async () => {
    const text = await installation.export();

    expect(text).toContain('userName: boss@example.com');
    const elsewhere = await anInstallation();
    await elsewhere.apply(text);
    expect(await elsewhere.export()).toBe(text);
    await elsewhere.end();
  });

  it('a manager whom nobody knows is refused at their place', async () => {
    const refused = installation.apply(FILE.replace('BOSS@', 'nobody@'));

    await expect(refused).rejects.toThrow(/there is no user nobody@example.com/);
  });
});
