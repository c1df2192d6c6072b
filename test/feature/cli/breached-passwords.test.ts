import { createHash } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addAdminClient, adminApi } from '../../support/admin-api.ts';
import { startServer } from '../../support/running-server.ts';
import { aTerminal, runHere, type TestTerminal } from './a-terminal.ts';

const BREACHED = 'orange lighthouse 7';
const sha1 = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase();

let terminal: TestTerminal;
beforeAll(async () => {
  terminal = await aTerminal();
  await terminal.run(['migrate']);
});
afterAll(() => terminal.end());

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') =>
  runHere(words, { env: { ...terminal.env, ...env }, cwd: terminal.folder, input });

describe('breached-passwords compile', () => {
  it('makes of a compressed list with counts what every door then refuses', async () => {
    const lines = [`${sha1(BREACHED)}:20`, `${sha1('seldom seen words')}:1`].sort().join('\r\n');
    await writeFile(join(terminal.folder, 'pwned.txt.gz'), gzipSync(lines));

    const made = await run(['breached-passwords', 'compile', 'pwned.txt.gz', '--output', 'list', '--at-least', '2']);
    const list = join(terminal.folder, 'list');
    const environment = { DOORWARD_BREACHED_PASSWORDS: list };
    const create = (name: string, password: string) =>
      run(['users', 'create', name, '--password-stdin'], environment, password);
    const refused = await create('ada@example.com', BREACHED);
    const taken = await create('ada@example.com', 'seldom seen words');
    const doctor = await run(['doctor'], environment);

    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^1 passwords are in .*list\./) });
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('known from a breach') });
    expect(taken.code).toBe(0);
    expect(doctor.out).toMatch(/^ok {4}breached passwords: .*list has 1 passwords$/m);
    const server = await startServer({ env: environment });
    try {
      const api = await adminApi({
        url: server.issuer,
        client: await addAdminClient(server.configuration.databaseUrl ?? ''),
      });
      const user = { userName: 'grace@example.com', sendInvitation: false };
      const answer = await api.call('POST', '/users', { ...user, password: BREACHED });
      expect(answer).toMatchObject({ status: 422, body: { code: 'credentials.password_breached' } });
      expect((await api.call('POST', '/users', { ...user, password: 'seldom seen words' })).status).toBe(201);
    } finally {
      await server.stop();
    }
  });

  it('says what is wrong with a file, and leaves no list behind', async () => {
    await terminal.write('mixed.txt', `${sha1('a')}\nb\n`);
    const output = join(terminal.folder, 'none');

    const mixed = await run(['breached-passwords', 'compile', 'mixed.txt', '--output', output]);
    const missing = await run(['breached-passwords', 'compile', 'nowhere.txt', '--output', output]);
    const nowhere = await run(['breached-passwords', 'compile', 'mixed.txt']);
    const doctor = await run(['doctor'], { DOORWARD_BREACHED_PASSWORDS: join(terminal.folder, 'mixed.txt') });

    expect(mixed).toMatchObject({ code: 1, err: expect.stringMatching(/mixed\.txt: line 2: expected SHA1:COUNT/) });
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
    expect(nowhere).toMatchObject({ code: 2, err: expect.stringContaining('--output') });
    expect(doctor.out).toMatch(/^fail {2}breached passwords: DOORWARD_BREACHED_PASSWORDS /m);
    for (const path of [output, `${output}.part`]) await expect(stat(path)).rejects.toThrow('ENOENT');
  });
});
