import { conflict } from '../../kernel/errors.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';

/** The application that Doorward's own pages are: signing in to `/account` is a sign-in like any other. */
export const ACCOUNT_CLIENT_ID = 'doorward-account';
export const ACCOUNT_CLIENT_NAME = 'Doorward account';
export const ACCOUNT_CALLBACK_PATH = '/account/callback';

/** Without it, or with it sent elsewhere, nobody could sign in to the account pages. Throws conflict `clients.built_in`. */
export function assertNotBuiltIn(clientId: string): void {
  if (clientId !== ACCOUNT_CLIENT_ID) return;
  throw conflict('clients.built_in', {
    detail: 'this client belongs to the product: the account pages are signed in to by it',
  });
}

/** Registers it, or follows a changed issuer. Writes nothing when all is as it should be; at start, by every process. */
export async function ensureAccountClient(tx: Tx, { issuer }: { issuer: string }): Promise<void> {
  const metadata = {
    redirect_uris: [`${issuer}${ACCOUNT_CALLBACK_PATH}`],
    post_logout_redirect_uris: [`${issuer}/`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'web',
    client_uri: `${issuer}/account`,
  };
  const [changed] = await tx.query<{ created: boolean }>(
    `INSERT INTO clients (client_id, client_name, client_name_key, enabled, first_party, require_pkce, claims_in_id_token,
       metadata, managed_by, created_at, updated_at)
     VALUES ($1, $2, lower($2), true, true, true, false, $3::jsonb, 'doorward', $4, $4)
     ON CONFLICT ON CONSTRAINT clients_pkey DO UPDATE SET client_name = EXCLUDED.client_name,
       client_name_key = EXCLUDED.client_name_key, enabled = true, first_party = true, require_pkce = true,
       metadata = EXCLUDED.metadata, organization_id = NULL, version = clients.version + 1, updated_at = EXCLUDED.updated_at
     WHERE clients.organization_id IS NOT NULL
       OR (clients.client_name, clients.enabled, clients.first_party, clients.require_pkce, clients.metadata)
       IS DISTINCT FROM (EXCLUDED.client_name, true, true, true, EXCLUDED.metadata)
     RETURNING xmax = 0 AS created`,
    [ACCOUNT_CLIENT_ID, ACCOUNT_CLIENT_NAME, JSON.stringify(metadata), tx.now],
  );
  if (!changed) return;
  tx.record({
    type: changed.created ? 'clients.created' : 'clients.updated',
    target: { type: 'client', id: ACCOUNT_CLIENT_ID },
    details: { changed: { redirect_uris: { to: metadata.redirect_uris } } },
  });
  tx.announce({ topic: 'clients', key: ACCOUNT_CLIENT_ID });
}
