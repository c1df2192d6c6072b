import { expect, it } from '@jest/globals';
import { listKeys } from '../../../src/domain/keys/list-keys.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { startRotatingKeys } from '../../../src/workers/rotate-keys.ts';
import { freshDatabase } from '../../support/database.ts';
import { aProcess } from './a-process.ts';

const DAY = 86_400;

it('the duty rotates after ninety days, retires fifteen days later, and the ring follows', async () => {
  const database = await freshDatabase();
  const server = await aProcess(database.url);
  const keyEncryptionKey = generateKeyEncryptionKey();
  const ring = await server.ring(keyEncryptionKey);
  const failures: unknown[] = [];
  const onError = (error: unknown) => failures.push(error);
  const duty = startRotatingKeys({ transact: server.transact, ring, keyEncryptionKey, onError });
  const states = async () => (await listKeys(server.read)).map(({ state }) => state);
  const first = ring.active('RS256').kid;

  await duty.runNow();
  expect(ring.active('RS256').kid).toBe(first);

  server.clock.advanceSeconds(90 * DAY);
  await duty.runNow();
  expect(ring.active('RS256').kid).not.toBe(first);
  expect((await states()).filter((state) => state === 'retiring')).toHaveLength(3);

  server.clock.advanceSeconds(15 * DAY);
  await duty.runNow();
  expect((await states()).filter((state) => state === 'retired')).toHaveLength(3);
  expect(ring.current().signing).toHaveLength(6);

  await duty.stop();
  expect(failures).toEqual([]);
  await server.end();
  await database.drop();
});
