import { isDeepStrictEqual } from 'node:util';
import type { Middleware } from 'koa';
import {
  createStream,
  deleteStream,
  replaceStream,
  type SealHeader,
  updateStream,
} from '../../domain/signals/change-stream.ts';
import { getOwnStream, listOwnStreams, SSF_RESOURCE } from '../../domain/signals/stream.ts';
import { changeStreamStatus } from '../../domain/signals/stream-status.ts';
import { addStreamSubject, removeStreamSubject } from '../../domain/signals/stream-subjects.ts';
import { verifyStream } from '../../domain/signals/verify-stream.ts';
import { invalid } from '../../kernel/errors.ts';
import type { ReadAs, Reader, Transact } from '../../persistence/unit-of-work.ts';
import { type ApiRouter, createApiRouter } from '../http/api-router.ts';
import type { VerifyBearer } from '../http/bearer.ts';
import { created, noContent, ok } from '../http/route.ts';
import { type SignalKeys, SSF_PREFIX } from './parts.ts';
import { addPolling, type PollingParts } from './poll.ts';
import { receiverOf } from './receiver-of.ts';
import {
  addSubjectRoute,
  changeStatusRoute,
  createStreamRoute,
  deleteStreamRoute,
  readStatusRoute,
  readStreamsRoute,
  removeSubjectRoute,
  replaceStreamRoute,
  updateStreamRoute,
  verificationRoute,
} from './routes.ts';
import { presentStatus, presentStream } from './stream-resource.ts';
import { transmitterMetadata } from './transmitter-metadata.ts';

export type SignalParts = SignalKeys & {
  readonly verifyBearer: VerifyBearer;
  readonly readAs: ReadAs;
  readonly onError: (error: unknown, requestId: string) => void;
  readonly read: Reader;
  readonly transact: Transact;
  readonly seal: SealHeader;
  readonly polling: PollingParts;
};

/** The transmitter of OpenID Shared Signals Framework 1.0: metadata, streams, and events to be fetched. */
export function signalEndpoints(parts: SignalParts): Middleware {
  const { issuer, verifyBearer, readAs, onError } = parts;
  // SSF answers what cannot be understood with 400.
  const kind = { prefix: SSF_PREFIX, resource: SSF_RESOURCE, invalidStatus: 400 };
  const api = createApiRouter({ issuer, verifyBearer: withImplied(verifyBearer), readAs, onError, ...kind });
  addStreams(api, parts);
  addStatus(api, parts);
  addSubjects(api, parts);
  addPolling(api, parts);
  const dispatch = api.middleware();
  const metadata = JSON.stringify(transmitterMetadata(issuer));
  // §7.2: the path of an issuer that has one comes after; a proxy that adds it asks without.
  const paths = [`/.well-known/ssf-configuration${new URL(issuer).pathname.replace(/\/$/, '')}`, WELL_KNOWN];
  return async (ctx, next) => {
    if (!paths.includes(ctx.path) || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return dispatch(ctx, next);
    ctx.type = 'application/json';
    ctx.body = metadata;
  };
}

const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  'streams:manage': ['ssf.manage', 'ssf.read'],
  'ssf.manage': ['ssf.read'],
};

/** Who may manage streams may see them, by either name. */
const withImplied =
  (verifyBearer: VerifyBearer): VerifyBearer =>
  async (request, resource) => {
    const verified = await verifyBearer(request, resource);
    if (verified.outcome !== 'accepted') return verified;
    const held = [...verified.permissions];
    return { ...verified, permissions: new Set(held.flatMap((name) => [name, ...(IMPLIED[name] ?? [])])) };
  };

const WELL_KNOWN = '/.well-known/ssf-configuration';

function addStreams(api: ApiRouter, { read, transact, issuer, seal }: SignalParts): void {
  api.handle(createStreamRoute, async ({ body, actor }) => {
    const clientId = receiverOf(actor);
    const stream = await transact(actor, (tx) => createStream(tx, { clientId, input: body, seal }));
    return created(`${SSF_PREFIX}/streams?stream_id=${stream.id}`, presentStream(stream, issuer));
  });
  api.handle(readStreamsRoute, async ({ query: { stream_id: id }, actor }) => {
    const clientId = receiverOf(actor);
    if (id !== undefined) return ok(presentStream(await getOwnStream(read, { clientId, id }), issuer));
    return ok((await listOwnStreams(read, clientId)).map((stream) => presentStream(stream, issuer)));
  });
  api.handle(updateStreamRoute, async ({ body, actor }) => {
    const own = { clientId: receiverOf(actor), id: body.stream_id };
    await assertStillSo(read, own, body, issuer);
    return ok(presentStream(await transact(actor, (tx) => updateStream(tx, { ...own, patch: body, seal })), issuer));
  });
  api.handle(replaceStreamRoute, async ({ body, actor }) => {
    const own = { clientId: receiverOf(actor), id: body.stream_id };
    await assertStillSo(read, own, body, issuer);
    return ok(presentStream(await transact(actor, (tx) => replaceStream(tx, { ...own, input: body, seal })), issuer));
  });
  api.handle(deleteStreamRoute, async ({ query, actor }) => {
    await transact(actor, (tx) => deleteStream(tx, { clientId: receiverOf(actor), id: query.stream_id }));
    return noContent();
  });
}

function addStatus(api: ApiRouter, { read, transact }: SignalParts): void {
  api.handle(readStatusRoute, async ({ query, actor }) =>
    ok(presentStatus(await getOwnStream(read, { clientId: receiverOf(actor), id: query.stream_id }))),
  );
  api.handle(changeStatusRoute, async ({ body: { stream_id: id, status, reason }, actor }) => {
    const change = { clientId: receiverOf(actor), id, status, reason };
    return ok(presentStatus(await transact(actor, (tx) => changeStreamStatus(tx, change))));
  });
  api.handle(verificationRoute, async ({ body: { stream_id: id, state }, actor }) => {
    await transact(actor, (tx) => verifyStream(tx, { clientId: receiverOf(actor), id, state }));
    return noContent();
  });
}

function addSubjects(api: ApiRouter, { transact, issuer }: SignalParts): void {
  api.handle(addSubjectRoute, async ({ body: { stream_id: id, subject }, actor }) => {
    await transact(actor, (tx) => addStreamSubject(tx, { clientId: receiverOf(actor), id, subject, issuer }));
    return ok({});
  });
  api.handle(removeSubjectRoute, async ({ body: { stream_id: id, subject }, actor }) => {
    await transact(actor, (tx) => removeStreamSubject(tx, { clientId: receiverOf(actor), id, subject, issuer }));
    return noContent();
  });
}

/** SSF §8.1.1.3: what is the transmitter's to say, and is sent back, has to be as it is. */
async function assertStillSo(
  read: Reader,
  own: { clientId: string; id: string },
  body: Readonly<Record<string, unknown>>,
  issuer: string,
): Promise<void> {
  const now = presentStream(await getOwnStream(read, own), issuer);
  const names = ['iss', 'aud', 'events_supported', 'events_delivered', 'min_verification_interval'];
  const wrong = names.filter((name) => body[name] !== undefined && !isDeepStrictEqual(body[name], now[name]));
  if (wrong.length === 0) return;
  throw invalid('signal_streams.transmitter_supplied', {
    detail: 'these are for the transmitter to say',
    faults: wrong.map((name) => ({ pointer: `/${name}`, detail: 'expected what the stream has, or nothing' })),
  });
}
