import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { createAccessLookup } from '../../src/domain/access/access-lookup.ts';
import { endLostTokens } from '../../src/domain/access/end-lost-tokens.ts';
import { createThrottle } from '../../src/domain/authentication/throttle.ts';
import { createResourceServerLookup } from '../../src/domain/clients/resource-server-lookup.ts';
import { createKeyRing, type KeyRing } from '../../src/domain/keys/key-ring.ts';
import { createDecideSignIn } from '../../src/domain/policy/decide-sign-in.ts';
import { createPolicyLookup } from '../../src/domain/policy/policy-lookup.ts';
import { tables } from '../../src/domain/tables.ts';
import { createRequestNormalizer } from '../../src/endpoints/http/client-address.ts';
import { sendDirectAnswers } from '../../src/endpoints/http/direct-answers.ts';
import { securityHeaders } from '../../src/endpoints/http/security-headers.ts';
import type { ProviderHost, ProviderSettings } from '../../src/endpoints/oidc/parts.ts';
import { createProviderHost } from '../../src/endpoints/oidc/provider-host.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { parseKeyEncryptionKey } from '../../src/kernel/crypto/key-encryption-key.ts';
import { newRequestId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import { type ChangeFeed, createChangeFeed } from '../../src/persistence/change-feed.ts';
import { createDataSource, poolOf } from '../../src/persistence/data-source.ts';
import { createReader, createTransact, type Reader, type Transact } from '../../src/persistence/unit-of-work.ts';
import { freshDatabase } from './database.ts';

/** A served provider on a database of its own, or one of several on the same. */
export type TestProvider = {
  readonly issuer: string;
  /** Where this process listens; differs from the issuer for a second process. */
  readonly address: string;
  readonly databaseUrl: string;
  readonly host: ProviderHost;
  readonly pool: pg.Pool;
  readonly read: Reader;
  readonly transact: Transact;
  readonly changes: ChangeFeed;
  readonly keyRing: KeyRing;
  /** How many requests were answered before the library was asked. */
  directAnswers(): number;
  end(): Promise<void>;
};

export type TestProviderOptions = Partial<ProviderSettings> & {
  /** A second process on the database, and under the issuer, of another. */
  readonly besides?: TestProvider;
  readonly clock?: Clock;
};

export const operator: Actor = { type: 'operator', id: 'test' };
const kek = { key: parseKeyEncryptionKey('b'.repeat(31).padEnd(64, '0123456789abcdef'.repeat(4))), source: 'the test' };

export async function aProvider(options: TestProviderOptions = {}): Promise<TestProvider> {
  const database = options.besides ? undefined : await freshDatabase();
  const databaseUrl = options.besides?.databaseUrl ?? database?.url ?? '';
  const dataSource = createDataSource({
    connection: { url: databaseUrl },
    poolSize: 5,
    entities: tables,
    onConnectionError: () => {},
  });
  await dataSource.initialize();
  const changes = createChangeFeed({ url: databaseUrl }, () => {});
  await changes.start();
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = options.besides?.issuer ?? address;
  const running = await serve({ dataSource, changes, server, issuer, options });
  return {
    issuer,
    address,
    databaseUrl,
    changes,
    ...running,
    async end() {
      await running.host.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await running.keyRing.stop();
      await changes.stop();
      await dataSource.destroy();
      await database?.drop();
    },
  };
}

type ServeParts = {
  readonly dataSource: DataSource;
  readonly changes: ChangeFeed;
  readonly server: Server;
  readonly issuer: string;
  readonly options: TestProviderOptions;
};

async function serve({ dataSource, changes, server, issuer, options }: ServeParts) {
  const clock = options.clock ?? systemClock;
  const read = createReader(dataSource);
  const transact = createTransact({ dataSource, clock, changes, follow: [endLostTokens] });
  const pool = poolOf(dataSource);
  const logger = createLogger({
    level: 'error',
    pretty: false,
    destination: { write: (line) => process.stderr.write(line) },
  });
  const onError = (error: unknown) => logger.error(String(error));
  const keyRing = await createKeyRing({ read, transact, kek, changes, onError });
  const access = createAccessLookup({ read, changes });
  const host = createProviderHost({
    issuer,
    mode: 'development',
    clock,
    ...{ pool, read, transact, keyRing, changes, logger },
    access,
    decideSignIn: createDecideSignIn({ read, access, clock, policies: createPolicyLookup({ read, changes }) }),
    resourceServers: createResourceServerLookup({ read, changes }),
    fetch: globalThis.fetch,
    throttle: createThrottle({ pool, key: keyRing.derive('throttle'), clock }),
    settings: {
      clientRegistration: options.clientRegistration ?? 'token',
      refreshTokenGraceSeconds: options.refreshTokenGraceSeconds ?? 10,
    },
  });
  const app = new Koa({ proxy: true });
  app.on('error', onError);
  app.use((ctx, next) => {
    ctx.state.requestId = ctx.get('x-request-id') || newRequestId();
    ctx.set('X-Request-Id', ctx.state.requestId);
    return next();
  });
  app.use(securityHeaders({ isHttps: false }));
  app.use(host.middleware);
  app.use(actAsPages(host));
  const answer = app.callback();
  const normalize = createRequestNormalizer({ issuer, trustProxy: [] });
  let directAnswers = 0;
  const direct = sendDirectAnswers({
    issuer,
    record() {
      directAnswers += 1;
    },
    find: host.direct,
  });
  server.on('request', (req, res) => {
    normalize(req);
    direct(req, res, () => void answer(req, res));
  });
  return { host, pool, read, transact, keyRing, directAnswers: () => directAnswers };
}

/** Stands in for the pages: headers say who signs in and whether they consent. */
function actAsPages(host: ProviderHost): Koa.Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const pending = await host.interactions.find(ctx);
    const account = ctx.get('x-test-account');
    if (!pending) {
      ctx.status = 410;
    } else if (pending.prompt === 'login' && account !== '') {
      ctx.redirect(await host.interactions.finishLogin(ctx, { accountId: account }));
    } else if (pending.prompt === 'consent' && ctx.get('x-test-decision') === 'approve') {
      ctx.redirect(await host.interactions.finishConsent(ctx));
    } else if (ctx.get('x-test-decision') === 'switch') {
      ctx.redirect(await host.interactions.finishSwitch(ctx));
    } else if (ctx.get('x-test-decision') === 'deny') {
      ctx.redirect(await host.interactions.finishDenied(ctx));
    } else {
      ctx.body = pending;
    }
  };
}
