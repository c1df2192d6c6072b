import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { endLostTokens } from '../../../src/domain/access/end-lost-tokens.ts';
import { ensureBuiltIns } from '../../../src/domain/access/ensure-built-ins.ts';
import { SHOWN_DETAILS } from '../../../src/domain/audit/audit-record.ts';
import { createPasswordHashing, type PasswordHashing } from '../../../src/domain/credentials/password-hash.ts';
import { tables } from '../../../src/domain/tables.ts';
import { createUserAttributeLookup } from '../../../src/domain/user-attributes/user-attribute-lookup.ts';
import { ADMIN_PREFIX } from '../../../src/endpoints/admin/admin-prefix.ts';
import { addGroupRoutes } from '../../../src/endpoints/admin/groups.ts';
import { addUserAttributeRoutes } from '../../../src/endpoints/admin/user-attributes.ts';
import { addUserRoutes } from '../../../src/endpoints/admin/users.ts';
import { type ApiRouter, createApiRouter } from '../../../src/endpoints/http/api-router.ts';
import { createHttpApp } from '../../../src/endpoints/http/app.tsx';
import type { BearerOutcome } from '../../../src/endpoints/http/bearer.ts';
import { type Actor, operatorActor } from '../../../src/kernel/actor.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import { createLogger } from '../../../src/kernel/logger.ts';
import { type ChangeFeed, createChangeFeed } from '../../../src/persistence/change-feed.ts';
import { createDataSource } from '../../../src/persistence/data-source.ts';
import {
  createReadAs,
  createReader,
  createTransact,
  type Reader,
  type Transact,
} from '../../../src/persistence/unit-of-work.ts';
import { createCatalogue } from '../../../views/messages/catalogue.ts';
import { freshDatabase } from '../../support/database.ts';

export type Body = Record<string, unknown>;
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly text: string;
};
export type CallOptions = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The token; by default one with every permission. `null` sends none. */
  readonly token?: string | null;
};

/** The admin API with a real database and HTTP; tokens are what the test says they are. */
export type PeopleApi = {
  readonly dataSource: DataSource;
  readonly read: Reader;
  readonly transact: Transact;
  readonly changes: ChangeFeed;
  readonly hashing: PasswordHashing;
  readonly clock: Clock & { advanceSeconds(seconds: number): void };
  tokenFor(permissions: readonly string[], actor?: Actor): string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** Creates a person and gives their id. */
  aUser(attributes?: Body): Promise<string>;
  /** Audit events of the request an answer belongs to, oldest first. */
  auditOf(reply: Reply): Promise<AuditLine[]>;
  close(): Promise<void>;
};

export type AuditLine = {
  readonly type: string;
  readonly outcome: string;
  readonly actorId: string;
  readonly targetId: string | null;
  readonly details: Body | null;
};

export const operator: Actor = operatorActor('test');
export const caller: Actor = { type: 'client', id: 'provisioning' };
const ISSUER = 'http://localhost:3000';
const EVERYTHING = [
  'users:read users:write groups:read groups:write sessions:read sessions:write grants:read grants:write',
  'audit-events:read keys:read keys:write user-attributes:read user-attributes:write',
].flatMap((line) => line.split(' '));

type AddRoutes = (
  router: ApiRouter,
  api: Pick<PeopleApi, 'read' | 'transact' | 'dataSource' | 'changes' | 'clock'>,
) => void;

export async function aPeopleApi(addMore: AddRoutes = () => {}): Promise<PeopleApi> {
  const database = await freshDatabase();
  const url = database.url;
  const dataSource = createDataSource({
    connection: { url },
    poolSize: 8,
    entities: tables,
    onConnectionError: () => {},
  });
  await dataSource.initialize();
  const changes = createChangeFeed({ url }, () => {});
  await changes.start();
  const clock = aClock();
  const read = createReader(dataSource);
  const transact = createTransact({ dataSource, clock, changes, follow: [endLostTokens], demandAudit: true });
  await transact(operator, ensureBuiltIns);
  const hashing = createPasswordHashing({ cost: 4 });
  const tokens = new Map<string, BearerOutcome>();
  const tokenFor: PeopleApi['tokenFor'] = (permissions, actor = caller) => {
    const token = `token-${tokens.size}`;
    tokens.set(token, { outcome: 'accepted', actor, permissions: new Set(permissions) });
    return token;
  };
  const all = tokenFor(EVERYTHING);
  const router = createApiRouter({
    issuer: ISSUER,
    prefix: ADMIN_PREFIX,
    resource: 'urn:doorward:admin',
    readAs: createReadAs(dataSource),
    verifyBearer: async ({ token, requestId, ipAddress }) => {
      const known = tokens.get(token);
      if (known?.outcome === 'accepted') return { ...known, actor: { ...known.actor, requestId, ipAddress } };
      return { outcome: 'refused', error: 'invalid_token', description: 'unknown token' };
    },
    onError: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
  });
  const userAttributes = createUserAttributeLookup({ read, changes });
  addUserAttributeRoutes(router, { read, transact });
  addUserRoutes(router, {
    transact,
    clock,
    userAttributes,
    hashPassword: hashing.hashPassword,
    setPasswordAddress: (token) => `${ISSUER}/recovery/set-password?token=${token}`,
    isMailAvailable: true,
  });
  addGroupRoutes(router, { transact });
  addMore(router, { read, transact, dataSource, changes, clock });
  const server = await serve(router);
  const call: PeopleApi['call'] = (method, path, options = {}) => send(server.origin, method, path, all, options);
  return {
    dataSource,
    read,
    transact,
    changes,
    hashing,
    clock,
    tokenFor,
    call,
    aUser: async (attributes = {}) => {
      const userName = `person-${Math.random().toString(36).slice(2)}`;
      const reply = await call('POST', '/users', { body: { userName, ...attributes } });
      if (reply.status !== 201) throw new Error(reply.text);
      return String(reply.body.id);
    },
    auditOf: (reply) =>
      read.query<AuditLine>(
        `SELECT type, outcome, actor_id AS "actorId", target_id AS "targetId", ${SHOWN_DETAILS} AS details
         FROM audit_events WHERE request_id = $1 ORDER BY id`,
        [reply.headers.get('x-request-id')],
      ),
    async close() {
      await server.close();
      await changes.stop();
      await dataSource.destroy();
      await database.drop();
    },
  };
}

function aClock() {
  let now = Date.parse('2026-03-01T12:00:00.123Z');
  return {
    now: () => new Date(now),
    advanceSeconds: (seconds: number) => {
      now += seconds * 1000;
    },
  };
}

const nothing = { all: [], layersFor: () => [], layersWith: () => [] };
const noBrandings = { held: () => nothing, load: async () => nothing };

async function serve(router: ApiRouter): Promise<{ origin: string; close(): Promise<void> }> {
  const app = createHttpApp({
    issuer: ISSUER,
    logger: createLogger({ level: 'silent', pretty: false }),
    record: () => {},
    presentation: { issuer: ISSUER, language: 'en', catalogueOf: createCatalogue, brandings: noBrandings },
    doors: [router.middleware()],
  });
  const server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}${ADMIN_PREFIX}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(
  origin: string,
  method: string,
  path: string,
  everything: string,
  { body, headers = {}, token = everything }: CallOptions,
): Promise<Reply> {
  const target = path.startsWith(ADMIN_PREFIX) ? path.slice(ADMIN_PREFIX.length) : path;
  const response = await fetch(`${origin}${target}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Body) : {}, text };
}

/** The list in an answer, by its name. */
export const items = (reply: Reply, name: string): Body[] => reply.body[name] as Body[];

/** Pointers and parameters of the faults in a problem. */
export const faults = (reply: Reply): unknown[] =>
  ((reply.body.errors ?? []) as Body[]).map((fault) => fault.pointer ?? fault.parameter);
