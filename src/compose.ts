// The one place where parts are built and handed what they need. Nothing here decides anything about the business.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';
import { assets } from '../views/assets.ts';
import { type ComposedMail, composeMail } from './compose-mail.ts';
import type { Configuration } from './config/load.ts';
import { createOutboundFetch, type OutboundFetch } from './connectors/outbound-fetch.ts';
import { createAccessLookup } from './domain/access/access-lookup.ts';
import { createAnonymousRefusals } from './domain/audit/anonymous-refusals.ts';
import { countUnsealed } from './domain/audit/seal-audit.ts';
import type { AuthenticationParts } from './domain/authentication/check-password.ts';
import { createThrottle } from './domain/authentication/throttle.ts';
import { createClientSecretKeeper } from './domain/clients/client-secret-keeper.ts';
import { createResourceServerLookup } from './domain/clients/resource-server-lookup.ts';
import { createHashingQueue } from './domain/credentials/hashing-queue.ts';
import { createPasswordHashing } from './domain/credentials/password-hash.ts';
import { setPasswordUrl } from './domain/credentials/set-password-url.ts';
import { createKeyRing } from './domain/keys/key-ring.ts';
import { streamHeaderContext } from './domain/keys/rewrap-keys.ts';
import { eraseDeletedUsers } from './domain/lifecycle/erase-deleted-users.ts';
import { isSetUp } from './domain/lifecycle/is-set-up.ts';
import { countOpenReceipts } from './domain/receipts/count-open-receipts.ts';
import { createDeliverySettlement } from './domain/receipts/settle-deliveries.ts';
import { BACKCHANNEL_LOGOUT_DUE } from './domain/sessions/backchannel-logout.ts';
import { expireRecords } from './domain/sessions/expire-records.ts';
import { SIGNAL_POLL, SIGNAL_PUSH } from './domain/signals/signal-events.ts';
import { createUserAttributeLookup } from './domain/user-attributes/user-attribute-lookup.ts';
import { accountEndpoints } from './endpoints/account/account-endpoints.tsx';
import { SIGN_IN_PATH } from './endpoints/account/sign-in.ts';
import { adminEndpoints } from './endpoints/admin/admin-endpoints.tsx';
import { createHttpApp } from './endpoints/http/app.tsx';
import { serveAssets } from './endpoints/http/assets.ts';
import { createRequestNormalizer } from './endpoints/http/client-address.ts';
import { sendDirectAnswers } from './endpoints/http/direct-answers.ts';
import { answerPublished } from './endpoints/http/published-answers.ts';
import { createBearerVerifier } from './endpoints/http/verify-bearer.ts';
import { guardUserCodes } from './endpoints/interaction/guard-user-codes.ts';
import { interactionEndpoints } from './endpoints/interaction/interaction-endpoints.ts';
import { keepSignInToItsBrowser } from './endpoints/interaction/same-browser.tsx';
import { keptMailEndpoints } from './endpoints/mail/kept-mail-endpoints.tsx';
import type { ProviderHost } from './endpoints/oidc/parts.ts';
import { postGoesOnByGet } from './endpoints/oidc/post-goes-on-by-get.ts';
import { createProviderHost } from './endpoints/oidc/provider-host.ts';
import { createReplayDetection } from './endpoints/oidc/replay-detection.ts';
import { operationsEndpoints } from './endpoints/operations/operations-endpoints.ts';

import { recoveryEndpoints } from './endpoints/recovery/recovery-endpoints.tsx';

import { scimEndpoints } from './endpoints/scim/scim-endpoints.ts';

import type { SignalKeys } from './endpoints/signals/parts.ts';
import { expirePoll, pushSignal } from './endpoints/signals/push-signal.ts';
import { signalEndpoints } from './endpoints/signals/signal-endpoints.ts';
import { examples } from './endpoints/start/examples.ts';
import { startEndpoints } from './endpoints/start/start-endpoints.tsx';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { Logger } from './kernel/logger.ts';
import { openKeyEncryptionKey } from './kernel/open-key-encryption-key.ts';
import { createRequestObserver, createTelemetry, type Telemetry } from './kernel/telemetry.ts';
import { version } from './kernel/version.ts';
import { createChangeFeed, nextChange } from './persistence/change-feed.ts';
import { countOutbox } from './persistence/count-outbox.ts';
import { poolOf } from './persistence/data-source.ts';
import { schemaState } from './persistence/migrate.ts';
import type { OpenDatabase } from './persistence/open-database.ts';
import { createReader, createTransact } from './persistence/unit-of-work.ts';
import { startCompletingReceipts } from './workers/complete-receipts.ts';
import { type OutboxHandler, startDispatchingOutbox } from './workers/dispatch-outbox.ts';
import { startErasingDeletedUsers } from './workers/erase-deleted-users.ts';
import { startExpiringRecords } from './workers/expire-records.ts';
import { startRotatingKeys } from './workers/rotate-keys.ts';
import { startRunningLifecycle } from './workers/run-lifecycle.ts';
import type { Duty } from './workers/schedule.ts';
import { startSealingAudit } from './workers/seal-audit.ts';
import { startSummingUpRefusals } from './workers/sum-up-refusals.ts';

export type OnError = (error: unknown, source: string) => void;

export type ComposeParts = {
  readonly configuration: Configuration;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  readonly onError: OnError;
};

/** What needs no provider and no HTTP: shared by the start-up steps and by all doors. */
export type Foundation = Awaited<ReturnType<typeof composeFoundation>>;

export async function composeFoundation({ configuration, database, logger, onError }: ComposeParts) {
  const { dataSource, connection } = database;
  const clock = systemClock;
  const pool = poolOf(dataSource);
  const changes = createChangeFeed(connection, (error) => onError(error, 'change feed'));
  const read = createReader(dataSource);
  const telemetry = createTelemetry();
  const refusals = createAnonymousRefusals({
    onCounted({ type, reason }, { requestId }) {
      telemetry.refusalsCounted.inc({ type });
      logger.info({ requestId, type, reason }, 'refused, and in the audit log as a number only');
    },
  });
  const transact = createTransact({ dataSource, clock, changes, admits: refusals.admits });
  const kek = await openKeyEncryptionKey(configuration);
  await changes.start();
  const keyRing = await createKeyRing({
    read,
    transact,
    kek,
    changes,
    onError: (error) => onError(error, 'key ring'),
  }).catch(async (error: unknown) => {
    await changes.stop();
    throw error;
  });
  const throttle = createThrottle({ pool, key: keyRing.derive('throttle'), clock });
  const queue = createHashingQueue(
    configuration.hashingConcurrency === undefined ? {} : { concurrency: configuration.hashingConcurrency },
  );
  const hashing = createPasswordHashing({ cost: configuration.bcryptCost, run: queue.run });
  const stop = async () => {
    await keyRing.stop();
    await changes.stop();
  };
  return {
    dataSource,
    clock,
    pool,
    changes,
    read,
    transact,
    kek,
    keyRing,
    queue,
    hashing,
    throttle,
    telemetry,
    refusals,
    stop,
  };
}

export type ComposedServer = {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => void;
  /** From now on load balancers are told to look elsewhere. */
  drain(): void;
  /** Writes under way, then the duties, each finishing its run; foundation and database stay open. */
  stop(): Promise<void>;
};

export function composeServer(parts: ComposeParts, foundation: Foundation): ComposedServer {
  const { configuration, logger } = parts;
  const { telemetry } = foundation;
  const outbound = createOutboundFetch(configuration.outboundAllow);
  const provider = composeProvider(parts, foundation, { telemetry, fetch: outbound.fetch });
  const mail = composeMail({
    ...foundation,
    configuration,
    observe: (kind, result) => telemetry.mails.inc({ kind, result }),
  });
  let isDraining = false;
  const { issuer } = configuration;
  const observe = createRequestObserver(telemetry);
  const published = answerPublished({ issuer, logger, observe, find: provider.published });
  const direct = sendDirectAnswers({ issuer, logger, observe, find: provider.direct });
  const app = createHttpApp({
    issuer,
    logger,
    observe,
    doors: composeDoors(parts, foundation, { provider, telemetry, mail, isDraining: () => isDraining }),
  });
  const normalize = createRequestNormalizer(configuration);
  const answer = app.callback();
  const duties = startDuties(parts, foundation, { provider, mail, fetch: outbound.fetch });
  registerGauges(telemetry, foundation);

  return {
    handle(req, res) {
      if (published(req, res)) return;
      normalize(req);
      direct(req, res, () => void answer(req, res));
    },
    drain() {
      isDraining = true;
    },
    async stop() {
      await provider.stop();
      for (const duty of duties) await duty.stop();
      mail.close();
      await outbound.close();
    },
  };
}

function composeProvider(
  { configuration, logger }: ComposeParts,
  foundation: Foundation,
  { telemetry, fetch }: { telemetry: Telemetry; fetch: typeof globalThis.fetch },
): ProviderHost & Lookups {
  const { read, changes, pool, transact, keyRing, clock, throttle, refusals } = foundation;
  const access = createAccessLookup({ read, changes });
  const resourceServers = createResourceServerLookup({ read, changes });
  const host = createProviderHost({
    issuer: configuration.issuer,
    mode: configuration.mode,
    pool,
    transact,
    read,
    keyRing,
    access,
    resourceServers,
    changes,
    clock,
    logger,
    fetch,
    throttle,
    settings: configuration,
    admits: refusals.admits,
    observe: (seen) => {
      if (seen.kind === 'tokens.issued') telemetry.tokens.inc({ kind: 'access_token', grant_type: seen.grantType });
      else
        telemetry.refusals.inc({ endpoint: seen.kind === 'tokens.refused' ? 'token' : 'authorize', error: seen.error });
    },
  });
  return { ...host, access, resourceServers };
}

type Lookups = {
  readonly access: ReturnType<typeof createAccessLookup>;
  readonly resourceServers: ReturnType<typeof createResourceServerLookup>;
};

type DoorParts = {
  readonly provider: ProviderHost & Lookups;
  readonly telemetry: Telemetry;
  readonly mail: ComposedMail;
  readonly isDraining: () => boolean;
};

/** In the order in which they are asked: the busiest first. */
function composeDoors(
  parts: ComposeParts,
  foundation: Foundation,
  { provider, telemetry, mail, isDraining }: DoorParts,
): readonly Middleware[] {
  const { issuer } = parts.configuration;
  const { read, transact, clock, keyRing } = foundation;
  const csrfKey = keyRing.derive('csrf');
  const authentication = composeAuthentication(foundation, telemetry);
  const verifyBearer = composeBearer(foundation, provider);
  const findSession = (ctx: Context) => provider.sessions.find(ctx);
  const interaction = {
    issuer,
    interactions: provider.interactions,
    authentication,
    findClient: provider.findClient,
    resourceServers: provider.resourceServers,
    csrfKey,
  };
  return [
    postGoesOnByGet({ issuer }),
    guardUserCodes(authentication),
    keepSignInToItsBrowser(interaction),
    provider.middleware,
    interactionEndpoints(interaction),
    accountEndpoints({ issuer, findSession, authentication, csrfKey, isMailAvailable: mail.isAvailable }),
    recoveryEndpoints({ authentication, isMailAvailable: mail.isAvailable, signInUrl: SIGN_IN_PATH }),
    startEndpoints({
      issuer,
      read,
      findSession,
      signInUrl: SIGN_IN_PATH,
      isSetUp: () => isSetUp(read, clock.now()),
      examples,
      keepsMail: mail.kept !== undefined,
    }),
    ...(mail.kept ? [keptMailEndpoints({ list: mail.kept })] : []),
    adminEndpoints({
      issuer,
      version,
      verifyBearer,
      onError: (error, requestId) => parts.onError(error, `admin API, request ${requestId}`),
      nouns: {
        read,
        transact,
        hashPassword: foundation.hashing.hashPassword,
        setPasswordAddress: (token) => setPasswordUrl(issuer, token),
        isMailAvailable: mail.isAvailable,
        keeper: createClientSecretKeeper(keyRing),
        checkWithProvider: (clientId, metadata) => provider.clients.checkMetadata({ ...metadata, client_id: clientId }),
        rotate: keyRing.rotate,
        clock,
        userAttributes: createUserAttributeLookup(foundation),
        deletedUserRetentionDays: parts.configuration.deletedUserRetentionDays,
        receipts: { issuer, signingKey: () => keyRing.active('EdDSA') },
      },
    }),
    composeSignals(parts, foundation, verifyBearer),
    scimEndpoints({
      issuer,
      read,
      transact,
      clock,
      verifyBearer,
      hashPassword: foundation.hashing.hashPassword,
      onError: (error, requestId) => parts.onError(error, `SCIM, request ${requestId}`),
    }),
    operationsEndpoints({
      checks: healthChecks(foundation),
      metrics: () => readMetrics(telemetry),
      metricsAccess: parts.configuration,
      isDraining,
    }),
    serveAssets((path) => assets.get(path)),
  ];
}

function composeAuthentication(
  { read, transact, pool, hashing, throttle, keyRing, clock }: Foundation,
  telemetry: Telemetry,
): AuthenticationParts {
  const throttleKey = keyRing.derive('throttle');
  const observe: AuthenticationParts['observe'] = (result) =>
    telemetry.signIns.inc({ result: result === 'signed_in' ? 'succeeded' : result });
  return { read, transact, pool, hashing, throttle, clock, throttleKey, observe };
}

const composeBearer = ({ clock, pool }: Foundation, { accessTokens, access }: ProviderHost & Lookups) =>
  createBearerVerifier({
    access,
    clock,
    verifyToken: accessTokens.verify,
    useProofOnce: onceEach(createReplayDetection(pool), clock),
  });

/** A proof is too old after five minutes; its id is kept for ten. */
const onceEach =
  (isFirst: ReturnType<typeof createReplayDetection>, clock: Clock) =>
  (jkt: string, jti: string): Promise<boolean> =>
    isFirst(`dpop ${jkt}`, jti, Math.floor(clock.now().getTime() / 1000) + 600);

function healthChecks({ pool, dataSource, keyRing }: Foundation) {
  return [
    { name: 'database', check: () => pool.query('SELECT 1').then(() => undefined) },
    {
      name: 'migrations',
      check: async () => {
        const { pending, unknown } = await schemaState(dataSource);
        if (pending.length > 0) return `${pending.length} not run yet`;
        return unknown.length > 0 ? 'the schema is newer than this version' : undefined;
      },
    },
    {
      name: 'keys',
      check: async () =>
        keyRing.current().signing.some((key) => key.state === 'active') ? undefined : 'there is no active signing key',
    },
  ];
}

async function readMetrics({ registry }: Telemetry) {
  return { contentType: registry.contentType, text: await registry.metrics() };
}

function registerGauges(telemetry: Telemetry, { pool, queue }: Foundation): void {
  telemetry.gauge('doorward_database_connections', 'Connections in the pool', () => pool.totalCount);
  telemetry.gauge('doorward_database_connections_idle', 'Connections nobody uses just now', () => pool.idleCount);
  telemetry.gauge('doorward_database_requests_waiting', 'Requests that wait for a connection', () => pool.waitingCount);
  telemetry.gauge('doorward_hashing_running', 'Passwords being hashed', () => queue.running);
  telemetry.gauge('doorward_hashing_waiting', 'Passwords waiting to be hashed', () => queue.waiting);
  telemetry.gauge(
    'doorward_hashing_refused',
    'Sign-ins told to come back because the hashing queue was full',
    () => queue.refused,
  );
  telemetry.gauge(
    'doorward_audit_unsealed_rows',
    'Audit events not sealed yet',
    async () => (await countUnsealed(pool)).rows,
  );
  telemetry.gauge('doorward_outbox_due_messages', 'Outbox messages waiting for delivery', () =>
    countOutbox(pool, 'due'),
  );
  telemetry.gauge('doorward_deprovisioning_receipts_open', 'Leavers of whom somebody has still to be told', () =>
    countOpenReceipts(pool),
  );
  telemetry.gauge('doorward_outbox_failed_messages', 'Outbox messages given up', () => countOutbox(pool, 'failed'));
}

/** Of the Shared Signals transmitter: pushed from the outbox, fetched through its door. */
const signalKeys = ({ keyRing }: Foundation, issuer: string): SignalKeys => ({
  issuer,
  signingKey: () => keyRing.active('RS256'),
  openHeader: (streamId, envelope) => keyRing.open(envelope, streamHeaderContext(streamId)).toString('utf8'),
});

function composeSignals(
  parts: ComposeParts,
  foundation: Foundation,
  verifyBearer: ReturnType<typeof composeBearer>,
): Middleware {
  const { read, transact, keyRing, pool, changes, clock } = foundation;
  return signalEndpoints({
    ...signalKeys(foundation, parts.configuration.issuer),
    verifyBearer,
    onError: (error, requestId) => parts.onError(error, `shared signals, request ${requestId}`),
    read,
    transact,
    seal: (streamId, header) => keyRing.seal(Buffer.from(header), streamHeaderContext(streamId)),
    polling: {
      pool,
      settle: createDeliverySettlement({ pool, transact }),
      now: clock.now,
      somethingEnqueued: (withinMs) => nextChange(changes, 'outbox', withinMs),
    },
  });
}

const daysBefore = (moment: Date, days: number): Date => new Date(moment.getTime() - days * 86_400_000);

type DutyParts = { readonly provider: ProviderHost; readonly mail: ComposedMail; readonly fetch: OutboundFetch };

function startDuties(
  { configuration, onError }: ComposeParts,
  foundation: Foundation,
  { provider, mail, fetch }: DutyParts,
): readonly Duty[] {
  const { pool, read, clock, changes, transact, keyRing, kek, refusals, telemetry } = foundation;
  const { issuer, deletedUserRetentionDays } = configuration;
  const handlers = new Map<string, OutboxHandler>([
    [
      BACKCHANNEL_LOGOUT_DUE,
      ({ id, payload }, signal) => provider.clients.deliverBackchannelLogout({ id, notice: payload as never }, signal),
    ],
    [SIGNAL_PUSH, pushSignal({ ...signalKeys(foundation, issuer), read, fetch })],
    [SIGNAL_POLL, expirePoll({ read })],
    mail.handler,
  ]);
  const receipts = startCompletingReceipts({
    transact,
    issuer,
    signingKey: () => keyRing.active('EdDSA'),
    changes,
    onError,
  });
  const settle = createDeliverySettlement({ pool, transact });
  return [
    startDispatchingOutbox({
      pool,
      clock,
      handlers,
      async settle(outcomes) {
        await settle(outcomes);
        receipts.wake();
        for (const { message, state } of outcomes) telemetry.deliveries.inc({ type: message.type, result: state });
      },
      changes,
      onError,
    }),
    receipts,
    startRunningLifecycle({ pool, read, transact, clock, inactiveAfterDays: configuration.inactiveAfterDays, onError }),
    startExpiringRecords({ purge: () => expireRecords(pool, clock.now()), onError }),
    startErasingDeletedUsers({
      erase: () => eraseDeletedUsers({ read, transact }, daysBefore(clock.now(), deletedUserRetentionDays)),
      onError,
    }),
    startRotatingKeys({ transact, ring: keyRing, keyEncryptionKey: kek.key, onError }),
    startSummingUpRefusals({ refusals, transact, clock, onError }),
    startSealingAudit({ pool, now: clock.now, signingKey: () => keyRing.active('EdDSA'), onError }),
  ];
}
