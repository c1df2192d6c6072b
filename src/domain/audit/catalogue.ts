/**
 * The audit room owns what was recorded: its names (here), sealing, verifying, searching and exporting.
 * It does not own recording: a command records in its own transaction with `tx.record` (DESIGN §3).
 *
 * Every type that appears in `audit_events.type`, with the sentence that docs/reference shows for it.
 * Names are `<noun plural>.<past participle>`, kept in alphabetical order, and never renamed or reused: exports outlive us.
 */
export const auditCatalogue = {
  'group-members.added': 'People were added to a group',
  'group-members.removed': 'People were removed from a group',
  'groups.created': 'A group was created',
  'groups.deleted': 'A group was deleted',
  'groups.updated': "A group's attributes were changed",
  'keys.created': 'A signing key, or the master secret, was made',
  'keys.retired': 'A signing key was retired: nothing it signed can still be valid, and its private part was erased',
  'keys.rewrapped': 'All stored secrets were put under a new key-encryption key',
  'keys.rotated': 'A signing algorithm moved on to its next key',
  'passwords.changed': "A person's password was set",
  'set-password-links.issued': 'A one-time link to set a password was issued',
  'set-password-links.redeemed': 'A one-time link to set a password was used',
  'set-password-links.refused': 'A one-time link to set a password was presented and not accepted',
  'users.created': 'A user was created',
  'users.deactivated': 'A user was deactivated: all their access ended',
  'users.deleted': 'A user was deleted: all their access ended',
  'users.reactivated': 'A user was made active again; access from before stays ended',
  'users.updated': "A user's attributes were changed",
} as const;

export type AuditType = keyof typeof auditCatalogue;

export const isAuditType = (text: string): text is AuditType => Object.hasOwn(auditCatalogue, text);
