import type { Client, Provider } from 'oidc-provider';
import type { BackchannelLogout } from '../../domain/sessions/backchannel-logout.ts';
import { excerptOf } from '../../kernel/answer-excerpt.ts';
import { type DeliveryAnswer, DeliveryMoot, DeliveryRefused } from '../../persistence/outbox-delivery.ts';

export type BackchannelLogoutParts = { readonly current: () => Provider; readonly fetch: typeof globalThis.fetch };

/** The outbound client's own limits are shorter; this one is for a target that sends its answer byte by byte. */
const ANSWER_WITHIN_MS = 5_000;
const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

type LogoutToken = {
  mask: object;
  set(name: string, value: unknown): void;
  issue(options: { use: 'logout' }): Promise<string>;
};

/**
 * Sends one logout token (OIDC Back-Channel Logout 1.0 §2.5). Its `jti` is the message's id: a client that gets it twice can
 * tell. The library's own would neither keep the id nor say what the client answered. Throws when it is not accepted.
 */
export async function sendBackchannelLogout(
  { current, fetch }: BackchannelLogoutParts,
  { id, notice }: { id: string; notice: BackchannelLogout },
  signal: AbortSignal,
): Promise<DeliveryAnswer> {
  const provider = current();
  const client = await provider.Client.find(notice.clientId);
  if (client?.backchannelLogoutUri === undefined)
    throw new DeliveryMoot('the client is gone, disabled, or has no back-channel logout URI any more');
  const answer = await fetch(client.backchannelLogoutUri, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: await logoutToken(provider, client, { id, notice }) }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
  });
  const said = { status: answer.status, excerpt: await excerptOf(answer) };
  // §2.8: 200, or 204 where a framework turns an empty answer into that.
  if (answer.status !== 200 && answer.status !== 204)
    throw new DeliveryRefused(`expected 200 from ${client.backchannelLogoutUri}, got ${answer.status}`, said);
  return said;
}

function logoutToken(
  provider: Provider,
  client: Client,
  { id, notice }: { id: string; notice: BackchannelLogout },
): Promise<string> {
  const IdToken = provider.IdToken as unknown as new (
    claims: object,
    context: { client: Client; ctx: undefined },
  ) => LogoutToken;
  const token = new IdToken({ sub: notice.accountId }, { client, ctx: undefined });
  token.mask = { sub: null };
  token.set('events', { [EVENT]: {} });
  token.set('jti', id);
  if (notice.sid !== undefined) token.set('sid', notice.sid);
  return token.issue({ use: 'logout' });
}
