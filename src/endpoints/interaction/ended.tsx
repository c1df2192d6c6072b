import type { Context } from 'koa';
import { InteractionExpiredPage } from '../../../views/interaction-expired.tsx';
import type { ClientRecord } from '../../domain/clients/client-record.ts';
import { answerPage } from '../http/answer-page.ts';
import type { InteractionParts } from './parts.ts';
import { readReturn } from './return-cookie.ts';

/**
 * An interaction that is over, never was, or belongs to another browser: one page, with the way back to the application
 * where this browser can show that it came from there.
 */
export async function showEnded(ctx: Context, parts: InteractionParts, uid: string): Promise<void> {
  const remembered = readReturn(ctx, parts, uid);
  const client = remembered && (await parts.findClient(remembered.clientId));
  const url = client && startAgainUrl(client, parts.issuer);
  answerPage(
    ctx,
    <InteractionExpiredPage
      reason={remembered?.state === 'completed' ? 'completed' : 'expired'}
      client={client?.enabled && url ? { name: client.clientName ?? client.clientId, url } : undefined}
      requestId={ctx.state.requestId}
    />,
    remembered?.state === 'completed' ? 200 : 400,
  );
}

/** OpenID Connect Core §4: where the application starts a sign-in itself; else where it says that it lives. */
function startAgainUrl({ metadata }: ClientRecord, issuer: string): string | undefined {
  const { initiate_login_uri: initiate, client_uri: home } = metadata;
  if (typeof initiate === 'string' && URL.canParse(initiate)) {
    const url = new URL(initiate);
    url.searchParams.set('iss', issuer);
    return url.href;
  }
  return typeof home === 'string' ? home : undefined;
}
