import { displayHost } from '../../../views/safe-url.ts';
import type { ClientSummary, PersonSummary } from '../../../views/site.ts';
import { ACCOUNT_CLIENT_ID } from '../../domain/clients/account-client.ts';
import { findUser } from '../../domain/users/find-user.ts';
import { addressee } from '../http/person-summary.ts';
import type { PendingInteraction, Step } from './parts.ts';

/** Undefined when someone signs in to Doorward's own pages: there is no application to name. */
export function clientSummary({ clientId, clientName, client }: PendingInteraction): ClientSummary | undefined {
  if (clientId === ACCOUNT_CLIENT_ID) return undefined;
  const { clientUri, policyUri, tosUri, redirectUri } = client;
  return { name: clientName, destination: displayHost(redirectUri), clientUri, policyUri, tosUri };
}

/** Who is signed in, as the pages show them. */
export async function signedInPerson({ ctx, parts, pending }: Step): Promise<PersonSummary | undefined> {
  const user =
    pending.accountId === undefined ? undefined : await findUser(parts.authentication.read, pending.accountId);
  return user && addressee(ctx, user);
}
