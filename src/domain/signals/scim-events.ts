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
/** And of groups; who is in one is an attribute of it. */
const GROUP_EVENTS = new Map<string, ScimEventName>([
  ['groups.created', 'scim-created'],
  ['groups.updated', 'scim-changed'],
  ['group-members.added', 'scim-changed'],
  ['group-members.removed', 'scim-changed'],
  ['groups.deleted', 'scim-deleted'],
]);
/** Not attributes of the SCIM door. */
const HIDDEN = new Set(['status', 'startsAt', 'endsAt', 'membershipRule', 'organizationId']);

/**
 * Whatever a command changed of people and groups it recorded, so that no command can forget the receivers. Notices alone: which
 * attributes, never their values, which a receiver reads at the SCIM door as far as it may.
 */
export async function followScimEvents(tx: Tx, _: readonly Change[], events: readonly AuditEvent[]): Promise<void> {
  const done = events.filter(({ outcome }) => outcome === undefined || outcome === 'success');
  const signals = [...done.flatMap(aboutPerson), ...aboutGroups(done)];
  if (signals.length > 0) await emitSignals(tx, signals);
}

function aboutPerson(event: AuditEvent): readonly Signal[] {
  const name = EVENTS.get(event.type);
  if (name === undefined || event.target === undefined) return [];
  const { id: userId } = event.target;
  return [{ userId, ...noticeOf(name, `/Users/${userId}`, attributesIn(event)) }];
}

/** One for each group: members are put in and taken out in several steps. */
function aboutGroups(events: readonly AuditEvent[]): readonly Signal[] {
  const groups = new Map<string, { name: ScimEventName; readonly attributes: Set<string> }>();
  for (const event of events) {
    const name = GROUP_EVENTS.get(event.type);
    if (name === undefined || event.target === undefined) continue;
    const { id } = event.target;
    const known = groups.get(id) ?? { name, attributes: new Set() };
    groups.set(id, known);
    if (name === 'scim-deleted') known.name = name;
    for (const attribute of event.type.startsWith('group-members.') ? ['members'] : attributesIn(event))
      known.attributes.add(attribute);
  }
  return [...groups].flatMap(([id, { name, attributes }]) =>
    // A rule that nobody sees has changed nothing else.
    name === 'scim-changed' && attributes.size === 0 ? [] : [noticeOf(name, `/Groups/${id}`, [...attributes])],
  );
}

/** RFC 9967 §2.1: the resource as the SCIM door addresses it. */
const noticeOf = (name: ScimEventName, uri: string, attributes: readonly string[]): Signal => ({
  name,
  subject: { format: 'scim', uri },
  claims: name === 'scim-created' || name === 'scim-changed' ? { attributes } : {},
});

const attributesIn = ({ details }: AuditEvent): readonly string[] =>
  Object.keys(Object(details?.changed)).filter((name) => !HIDDEN.has(name));
