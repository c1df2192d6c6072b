import { findInReach } from '../../domain/organizations/organizations-in-reach.ts';
import type { Actor } from '../../kernel/actor.ts';
import { forbidden, notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { ReadAs } from '../../persistence/unit-of-work.ts';
import type { AnyRoute } from './route.ts';

/** Sees everything: this wall must stand without the other one. */
const JUDGE: Actor = { type: 'system', id: 'organization-reach' };

/**
 * The first wall between organizations, where all calls of whoever acts for one meet: a route that does not say it is open to
 * them is closed, and an address that names something beyond their reach is answered as if there were no such thing.
 */
export async function assertInReach(
  { organizationId }: Actor,
  { organization }: Pick<AnyRoute, 'organization'>,
  params: Readonly<Record<string, string>>,
  readAs: ReadAs,
): Promise<void> {
  if (organizationId === undefined) return;
  if (organization === undefined) throw notOffered();
  const named = [...new Set(Object.values(params))];
  if (named.length === 0) return;
  const ids = named.filter(isUuid);
  const found = await findInReach(readAs(JUDGE), { organizationId, ids });
  if (ids.length < named.length || new Set(found.map(({ id }) => id)).size < ids.length) throw notFoundHere();
  if (organization === 'managed' && found.some(({ isManaged }) => !isManaged)) throw guest();
}

const notOffered = () =>
  forbidden('organizations.not_offered', { detail: 'This call is not open to whoever acts for an organization.' });

const notFoundHere = () =>
  notFound('organizations.not_here', { detail: 'There is no such thing in your organization or those below it.' });

const guest = () =>
  forbidden('organizations.guest', {
    detail:
      'This account is managed elsewhere: you may see it, give it roles here and end its membership, and no more.',
  });
