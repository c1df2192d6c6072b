import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CUSTOM } from '../../../src/domain/users/custom-input.ts';
import { findUserByUserName } from '../../../src/domain/users/find-user-by-user-name.ts';
import { anInstallation, type Installation } from './an-installation.ts';

const FILE = `
users:
  - userName: tess
    ${CUSTOM}: { badge: T-1, sizes: [40] }
userAttributes:
  - { name: badge, schema: { type: string }, unique: true, readableBy: [admin, clients], claim: { name: badge_no, scope: profile } }
  - { name: sizes, schema: { type: array, items: { type: integer } }, writableBy: [] }
`;

describe('userAttributes in a declarative file', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await anInstallation();
  });
  afterAll(() => installation.end());

  it('are defined before people who have them; a second run changes nothing', async () => {
    const { steps } = await installation.apply(FILE);

    expect(steps.map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'create user attribute badge',
      'create user attribute sizes',
      'create user tess',
    ]);
    expect((await installation.apply(FILE)).steps).toEqual([]);
  });

  it('follow the file in what can change, and say what cannot', async () => {
    const { steps, notes } = await installation.apply(
      FILE.replace('name: badge,', 'name: badge, description: On the card,').replace('unique: true', 'unique: false'),
    );

    expect(steps).toMatchObject([{ action: 'update', name: 'badge', changed: { description: { to: 'On the card' } } }]);
    expect(notes).toEqual([expect.stringContaining('unique does not change')]);
  });

  it('a person keeps values the file does not say; one that does not fit is refused, and nothing is done', async () => {
    await installation.apply(FILE.replace('{ badge: T-1, sizes: [40] }', '{ badge: T-2 }'));
    expect((await findUserByUserName(installation.read, 'tess'))?.[CUSTOM]).toEqual({ badge: 'T-2', sizes: [40] });

    const wrong = installation.apply(FILE.replace('sizes: [40]', 'sizes: [forty]').replace('T-1', 'T-3'));

    await expect(wrong).rejects.toMatchObject({ code: 'users.invalid' });
    expect((await findUserByUserName(installation.read, 'tess'))?.[CUSTOM]).toEqual({ badge: 'T-2', sizes: [40] });
  });

  it('an export applies to an empty installation and gives the same again', async () => {
    const text = await installation.export();
    const elsewhere = await anInstallation();
    await elsewhere.apply(text);

    expect(await elsewhere.export()).toBe(text);
    await elsewhere.end();
  });

  it('what left the file goes with --prune alone, values included', async () => {
    const less = `users: [{ userName: tess }]`;
    expect((await installation.apply(less)).leftovers).toEqual(['user attribute badge', 'user attribute sizes']);

    await installation.apply(less, { prune: true });

    expect(await findUserByUserName(installation.read, 'tess')).not.toHaveProperty([CUSTOM]);
  });
});
