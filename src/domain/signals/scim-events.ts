import type { AuditEvent } from '../../persistence/audit-rows.ts';
import type { Change } from '../../persistence/change-feed.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { emitSignals, type Signal } from './emit-signals.ts';
import type { ScimEventName } from './signal-events.ts';

/** What is recorded of people, as RFC 9967 §2.4 calls it. */
const EVENTS = new Map<string, ScimEventName>([
  ['users.created', 'scim-created'],
  ['users.restored', 'scim-created'],
  ['users.updated', 'scim-changed'],
  ['users.reactivated', 'scim-activated'],
  ['users.deactivated', 'scim-deactivated'],
  ['users.suspended', 'scim-deactivated'],
  ['users.staged', 'scim-deactivated'],
  ['users.deleted', 'scim-deleted'],
]);
/** Not attributes of the SCIM door. */
const HIDDEN = new Set(['status', 'startsAt', 'endsAt']);

/**
 * Whatever a command changed of people it recorded, so that no command can forget the receivers. Notices alone: which attributes,
 * never their values, which a receiver reads at the SCIM door as far as it may.
 */
export async function followScimEvents(tx: Tx, _: readonly Change[], events: readonly AuditEvent[]): Promise<void> {
  const signals = events.flatMap((event): Signal[] => {
    const name = EVENTS.get(event.type);
    if (name === undefined || event.target === undefined || (event.outcome ?? 'success') !== 'success') return [];
    const { id: userId } = event.target;
    const isNotice = name === 'scim-created' || name === 'scim-changed';
    // RFC 9967 §2.1: the resource as the SCIM door addresses it.
    const subject = { format: 'scim', uri: `/Users/${userId}` };
    return [{ userId, name, subject, claims: isNotice ? { attributes: attributesIn(event) } : {} }];
  });
  if (signals.length > 0) await emitSignals(tx, signals);
}

const attributesIn = ({ details }: AuditEvent): readonly string[] =>
  Object.keys(Object(details?.changed)).filter((name) => !HIDDEN.has(name));
