import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMailServer } from '../../support/mail-server.ts';
import { aTerminal, runHere, type TestTerminal } from './a-terminal.ts';

describe('doctor looks at what the server would use', () => {
  let terminal: TestTerminal;
  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.run(['migrate']);
  });
  afterAll(() => terminal.end());
  const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    runHere(words, { env: { ...terminal.env, ...env }, cwd: terminal.folder, input: '' });

  it('doctor reads the words as at a start, and tells where they are wrong', async () => {
    const good = await terminal.write('good.yaml', 'en: { login: { title: Welcome back } }');
    const bad = await terminal.write('bad.yaml', 'en: { login: { nonsense: Here } }');

    const read = await run(['doctor'], { DOORWARD_MESSAGES: good });
    const refused = await run(['doctor'], { DOORWARD_MESSAGES: bad });
    const missing = await run(['doctor'], { DOORWARD_MESSAGES: '/nowhere/words.yaml' });

    expect(read.out).toMatch(/^ok {4}words: .*good\.yaml has words in en$/m);
    expect(refused.out).toMatch(/^fail {2}words: DOORWARD_MESSAGES .*bad\.yaml.*nonsense/m);
    expect(missing.out).toMatch(/^fail {2}words: .*ENOENT/m);
    expect([read.code, refused.code, missing.code]).toEqual([0, 1, 1]);
  });

  it('doctor signs in at the mail server and sends nothing; what is wrong is told without a password', async () => {
    const mails = await startMailServer({
      authOptional: false,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right-secret' ? done(null, { user: username }) : done(new Error('no such name')),
    });
    const url = (password: string) => `smtp://doorward:${password}@localhost:${mails.port}`;

    const none = await run(['doctor']);
    const works = await run(['doctor'], { DOORWARD_SMTP_URL: url('right-secret') });
    const refused = await run(['doctor'], { DOORWARD_SMTP_URL: url('wrong-secret') });
    await mails.stop();
    const silent = await run(['doctor'], { DOORWARD_SMTP_URL: url('right-secret') });

    expect(none.out).toMatch(/^ok {4}mail: .*development page/m);
    expect(works.out).toMatch(/^ok {4}mail: localhost:\d+ takes mails of /m);
    for (const { code, out } of [refused, silent]) {
      expect(out).toMatch(/^fail {2}mail: localhost:\d+ cannot be used/m);
      expect(out).not.toContain('-secret');
      expect(code).toBe(1);
    }
    expect(mails.mails).toEqual([]);
  });
});
