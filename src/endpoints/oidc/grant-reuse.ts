import { Provider } from 'oidc-provider';
import type { RecordStore } from '../../domain/sessions/record-store.ts';
import type { RequestScope } from './request-scope.ts';

/** RFC 9700 §4.14.2: whoever presents something a second time ends everything that came from its grant. */
export async function endReusedGrant(
  store: RecordStore,
  scope: RequestScope | undefined,
  grantId: string,
): Promise<void> {
  await endGrantRecords(store, scope, grantId);
  await store.destroy('Grant', grantId);
  const clientId = Provider.ctx?.oidc.client?.clientId;
  scope?.events.push({ type: 'grants.revoked-by-reuse', ...(clientId === undefined ? {} : { clientId }) });
}

/** The tokens of a grant, those this request was about to write included. */
export async function endGrantRecords(
  store: RecordStore,
  scope: RequestScope | undefined,
  grantId: string,
): Promise<void> {
  for (const [key, { payload }] of scope?.upserts ?? []) if (payload.grantId === grantId) scope?.upserts.delete(key);
  await store.revokeByGrantId(grantId);
}
