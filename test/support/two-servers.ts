import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { freshDatabase } from './database.ts';
import { type RunningServer, startServer } from './running-server.ts';

export type TwoServers = { readonly one: RunningServer; readonly two: RunningServer; close(): Promise<void> };

/** Two servers of one issuer on one database, as behind a load balancer. `close` expects that neither had an error. */
export async function twoServers(env: Readonly<Record<string, string>> = {}): Promise<TwoServers> {
  const database = await freshDatabase();
  const keysDir = await mkdtemp(join(tmpdir(), 'doorward-test-keys-'));
  const one = await startServer({ database, keysDir, env });
  const two = await startServer({ database, keysDir, env, issuer: one.issuer });
  return {
    one,
    two,
    async close() {
      expect([...one.errors, ...two.errors]).toEqual([]);
      await two.stop();
      await one.stop();
      await database.drop();
      await rm(keysDir, { recursive: true, force: true });
    },
  };
}
