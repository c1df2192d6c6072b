import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshDatabase } from '../../support/database.ts';
import { mainProgram, runToEnd, startServer, temporaryFolder } from '../../support/server.ts';
import { aPerson, aPublicClient, tokensFor } from '../system/relying-party.ts';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('docs/guides/operate.md: after losing the key-encryption key, an export brings people and clients to a new start', async () => {
  const database = await freshDatabase();
  const old = await startServer({ database });
  const admin = await old.admin();
  const { userName } = await aPerson(admin);
  const clientId = await aPublicClient(admin);
  await old.stop();
  const state = join(folder, 'state.yaml');
  const cli = join(mainProgram(), '..', 'cli', 'doorward.js');

  const exported = await runToEnd(
    {
      DOORWARD_DATABASE_URL: database.url,
      DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    },
    [cli, 'export', '-o', state, '--with-password-hashes'],
  );
  const next = await startServer({ apply: await readFile(state, 'utf8') });
  const tokens = await tokensFor(next, { clientId, userName });
  await next.stop();
  await database.drop();

  expect(exported).toMatchObject({ code: 0 });
  expect(tokens.access_token).not.toBe('');
}, 60_000);
