import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServer } from '../../src/compose.ts';
import { openOperatorFiles } from '../../src/compose-files.ts';
import { composeFoundation, type Foundation } from '../../src/compose-foundation.ts';
import type { Configuration } from '../../src/config/configuration.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { prepareInstallation } from '../../src/domain/lifecycle/prepare-installation.ts';
import { tables } from '../../src/domain/tables.ts';
import { listen } from '../../src/endpoints/http/listen.ts';
import { systemActor } from '../../src/kernel/actor.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { openDatabase } from '../../src/persistence/open-database.ts';
import { freshDatabase, type TestDatabase } from './database.ts';

/** One server process's worth of Doorward inside the test, over real HTTP. */
export type RunningServer = {
  readonly issuer: string;
  /** Where this one listens; several may share one issuer and one database, as behind a load balancer. */
  readonly origin: string;
  readonly foundation: Foundation;
  readonly configuration: Configuration;
  /** What went wrong on our side: a test may ask that it is nothing. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
};

export type ServerOptions = {
  readonly database?: TestDatabase;
  readonly issuer?: string;
  readonly keysDir?: string;
  readonly env?: Readonly<Record<string, string>>;
};

export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const port = await freePort();
  const database = options.database ?? (await freshDatabase());
  const keysDir = options.keysDir ?? (await mkdtemp(join(tmpdir(), 'doorward-test-keys-')));
  const issuer = options.issuer ?? `http://localhost:${port}`;
  const configuration = configurationFor({ issuer, port, databaseUrl: database.url, keysDir, env: options.env ?? {} });
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const open = await openDatabase({
    databaseUrl: configuration.databaseUrl,
    dataDir: configuration.dataDir,
    poolSize: configuration.databasePoolSize,
    entities: tables,
    purpose: 'test',
    share: false,
    report: () => {},
    onConnectionError: onError,
  });
  const logger = createLogger({
    level: 'error',
    pretty: false,
    destination: { write: (line) => void errors.push(line) },
  });
  const files = await openOperatorFiles(configuration);
  const parts = { configuration, ...files, database: open, logger, onError };
  const foundation = await composeFoundation(parts);
  await foundation.transact(systemActor('start'), (tx) => prepareInstallation(tx, { issuer }));
  const server = composeServer(parts, foundation);
  const listener = await listen({
    hosts: ['127.0.0.1'],
    port,
    tls: undefined,
    handle: server.handle,
    answerBroken: server.answerBroken,
  });
  return {
    issuer,
    origin: `http://127.0.0.1:${listener.port}`,
    foundation,
    configuration,
    errors,
    async stop() {
      await listener.close(1000);
      await server.stop();
      await foundation.stop();
      await open.close();
      if (options.database === undefined) await database.drop();
      if (options.keysDir === undefined) await rm(keysDir, { recursive: true, force: true });
    },
  };
}

type Settings = {
  readonly issuer: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly keysDir: string;
  readonly env: Readonly<Record<string, string>>;
};

function configurationFor({ issuer, port, databaseUrl, keysDir, env }: Settings): Configuration {
  const result = loadConfiguration(
    {
      DOORWARD_ISSUER: issuer,
      DOORWARD_PORT: String(port),
      DOORWARD_DATABASE_URL: databaseUrl,
      DOORWARD_KEYS_DIR: keysDir,
      DOORWARD_BCRYPT_COST: '4',
      // Nobody answers there: no test asks the name servers of the machine.
      DOORWARD_DNS_SERVERS: '127.0.0.1:1',
      ...env,
    },
    process.cwd(),
  );
  if (!result.ok) throw new Error(result.problems.join('; '));
  return result.configuration;
}

/** The issuer has to be known before anything listens. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
