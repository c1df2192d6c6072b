import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import type { FoundRecord, RecordPayload } from '../../domain/sessions/provider-record.ts';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { Clock } from '../../kernel/clock.ts';
import { endGrantRecords, endReusedGrant } from './grant-reuse.ts';
import type { JwtAccessTokens } from './jwt-access-tokens.ts';
import type { RefreshRotation } from './refresh-rotation.ts';
import type { ClientRegistrations } from './registration.ts';
import { askedClientId, currentScope, type RequestScope, recordKey } from './request-scope.ts';

export type AdapterParts = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly rotation: RefreshRotation;
  readonly jwtAccessTokens: JwtAccessTokens;
  readonly registrations: ClientRegistrations;
};

/** Sessions that got a new id: new id → the id whose row goes. Filled by the Session override, emptied by `upsert`. */
export const sessionReplacements = new Map<string, string>();

/**
 * The library's storage interface over the record store. Within a request, writes are gathered and leave in one statement
 * with the audit rows (see `provider-host.ts`); `consume`, `destroy` and revocation happen at once.
 */
export function createAdapterFactory(parts: AdapterParts): AdapterFactory {
  return (model) => (model === 'Client' ? clientAdapter(parts) : recordAdapter(parts, model));
}

function recordAdapter(parts: AdapterParts, model: string): Adapter {
  const { store } = parts;
  return {
    find: async (id) => libraryPayload(model, await findPayload(parts, model, id)),
    async findByUid(uid) {
      const scope = currentScope();
      const key = recordKey('uid', uid);
      const payload = scope?.known.has(key) ? scope.known.get(key) : await store.findByUid(uid);
      return libraryPayload(model, payload);
    },
    async findByUserCode(userCode) {
      const found = await store.findByUserCode(userCode);
      return libraryPayload(model, found && consumedMark(found));
    },
    upsert: (id, payload, expiresIn) => upsert(parts, model, id, payload, expiresIn),
    consume: (id) => (model === 'RefreshToken' ? parts.rotation.consume(id) : consume(store, model, id)),
    async destroy(id) {
      const scope = currentScope();
      scope?.upserts.delete(recordKey(model, id));
      scope?.known.set(recordKey(model, id), undefined);
      if (scope && model === 'Interaction') {
        scope.removals.set(recordKey(model, id), { model, id });
        return;
      }
      if (scope?.shownJwt && (await parts.jwtAccessTokens.revoke(scope.shownJwt, model, id))) return;
      await store.destroy(model, id);
    },
    async revokeByGrantId(grantId) {
      const scope = currentScope();
      // The library asks once for each model; one statement ends them all.
      if (scope?.revokedGrants.has(grantId)) return;
      scope?.revokedGrants.add(grantId);
      await endGrantRecords(store, scope, grantId);
    },
  };
}

async function findPayload(
  { store, rotation, jwtAccessTokens }: AdapterParts,
  model: string,
  id: string,
): Promise<RecordPayload | undefined> {
  const scope = currentScope();
  const key = recordKey(model, id);
  const pending = scope?.upserts.get(key);
  if (pending) return { ...pending.payload, jti: id };
  if (scope?.shownJwt?.standIn === id) return jwtAccessTokens.find(scope.shownJwt, model);
  if (scope?.known.has(key)) return scope.known.get(key);
  const clientId = scope && model === 'Session' ? askedClientId() : undefined;
  const found =
    clientId === undefined ? (await lookUp(store, scope, id)).get(model) : await store.findSessionFor({ id, clientId });
  if (scope && found) remember(scope, found, clientId);
  if (scope && found && model === 'Session') scope.keptSession = { id, text: found.text };
  if (!found) {
    if (model === 'RefreshToken') await rotation.missing(id);
    return undefined;
  }
  const payload = model === 'RefreshToken' ? await rotation.presented(id, found) : consumedMark(found);
  scope?.known.set(key, payload);
  return payload;
}

function lookUp(store: RecordStore, scope: RequestScope | undefined, id: string): ReturnType<RecordStore['findAny']> {
  const underWay = scope?.lookUps.get(id);
  if (underWay) return underWay;
  const started = store.findAny(id);
  if (scope) {
    scope.lookUps.set(id, started);
    const forget = (): void => void scope.lookUps.delete(id);
    started.then(forget, forget);
  }
  return started;
}

/** What came along with a record answers the questions the library asks next. */
function remember(scope: RequestScope, { payload, grant, session }: FoundRecord, clientId: string | undefined): void {
  const { sessionUid, expiresWithSession } = payload;
  const grantId = clientId === undefined ? payload.grantId : grantIdFor(clientId, payload);
  if (typeof grantId === 'string') scope.known.set(recordKey('Grant', grantId), grant && { ...grant, jti: grantId });
  if (expiresWithSession === true && typeof sessionUid === 'string') {
    scope.known.set(recordKey('uid', sessionUid), session);
  }
}

function grantIdFor(clientId: string, { authorizations }: RecordPayload): unknown {
  const all = authorizations as Readonly<Record<string, { readonly grantId?: unknown }>> | undefined;
  return all && Object.hasOwn(all, clientId) ? all[clientId]?.grantId : undefined;
}

const consumedMark = ({ payload, consumedSecondsAgo }: FoundRecord): RecordPayload =>
  consumedSecondsAgo === undefined ? payload : { ...payload, consumed: true };

/**
 * A grant lives as long as tokens that came from it: its row is what counts (see `expire-records.ts`), not the moment that
 * was written when it began.
 */
function libraryPayload(model: string, payload: RecordPayload | undefined): AdapterPayload | undefined {
  if (!payload || model !== 'Grant') return payload as AdapterPayload | undefined;
  const { exp: _, ...rest } = payload;
  return rest as AdapterPayload;
}

async function upsert(
  { store, clock }: AdapterParts,
  model: string,
  id: string,
  payload: AdapterPayload,
  expiresIn: number | undefined,
): Promise<void> {
  const scope = currentScope();
  const expiresAt = expiresIn === undefined ? undefined : new Date(clock.now().getTime() + expiresIn * 1000);
  const replaces = model === 'Session' ? replacedBy(scope, id) : undefined;
  if (model === 'Session' && replaces === undefined && isHardlyLater(scope, id, payload)) return;
  const record = { model, id, payload: { ...payload }, expiresAt, ...(replaces === undefined ? {} : { replaces }) };
  if (scope) scope.upserts.set(recordKey(model, id), record);
  else await store.withAudit({ upserts: [record], audit: [] });
}

/** Idle times are counted in days: a session that was prolonged just now, and is otherwise as it was, is not written again. */
const PROLONGED_EVERY_SECONDS = 300;

function isHardlyLater(scope: RequestScope | undefined, id: string, payload: AdapterPayload): boolean {
  if (scope?.keptSession?.id !== id || scope.upserts.has(recordKey('Session', id))) return false;
  const { text } = scope.keptSession;
  const prolonged = Number(payload.exp) - Number(/"exp":(\d+)/.exec(text)?.[1] ?? 0);
  return (
    prolonged < PROLONGED_EVERY_SECONDS && undated(text) === undated(JSON.stringify({ ...payload, jti: undefined }))
  );
}

const undated = (text: string): string => text.replace(/"(?:iat|exp)":\d+,?/g, '');

function replacedBy(scope: RequestScope | undefined, id: string): string | undefined {
  const old = sessionReplacements.get(id);
  sessionReplacements.delete(id);
  if (old === undefined) return scope?.upserts.get(recordKey('Session', id))?.replaces;
  // An id that was given within this request was never written: the row to go is the one before it.
  const between = scope?.upserts.get(recordKey('Session', old));
  scope?.upserts.delete(recordKey('Session', old));
  return between ? between.replaces : old;
}

/** RFC 6749 §4.1.2: a code is used once. The library checks first and uses up after: here the database decides. */
async function consume(store: RecordStore, model: string, id: string): Promise<void> {
  if (await store.consume(model, id)) return;
  if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('request_uri was already used');
  const scope = currentScope();
  const grantId = scope?.known.get(recordKey(model, id))?.grantId;
  if (typeof grantId === 'string') await endReusedGrant(store, scope, grantId);
  throw new errors.InvalidGrant('already consumed');
}

/** Clients come from our cache (see `client-overrides.ts`); only dynamic registration writes through the library. */
function clientAdapter({ registrations }: AdapterParts): Adapter {
  const nothing = async (): Promise<undefined> => undefined;
  return {
    find: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    consume: nothing,
    revokeByGrantId: nothing,
    upsert: (id, metadata) => registrations.save(id, { ...metadata }),
    destroy: (id) => registrations.remove(id),
  };
}
