/**
 * The audit room owns what was recorded: its names (here), sealing, verifying, searching and exporting.
 * It does not own recording: a command records in its own transaction with `tx.record` (DESIGN §3).
 *
 * Every type that appears in `audit_events.type`, with the sentence that docs/reference shows for it.
 * Names are `<noun plural>.<past participle>`, kept in alphabetical order, and never renamed or reused: exports outlive us.
 */
export const auditCatalogue = {
  'administrators.recovered':
    'From the command line, somebody was let back in as an administrator; the details say what had to be changed',
  'authorizations.refused':
    'An authorization request was refused; the details hold what was sent and what is registered',
  'backups.created': 'A backup of the whole database was written',
  'backups.restored': 'The whole database was filled from a backup',
  'built-ins.ensured':
    'A built-in resource server, its permissions and the role administrator were brought to what this version knows',
  'client-permissions.replaced': 'The permissions a client has of its own were changed',
  'client-registrations.refused': 'A dynamic client registration was refused',
  'client-secrets.deleted': 'A secret of a client was deleted',
  'client-secrets.rotated': 'A client got a new secret; the one before ends at the time given',
  'clients.created': 'A client was registered',
  'clients.deleted': 'A client was deleted: all its access ended',
  'clients.disabled': 'A client was disabled: all its access ended',
  'clients.enabled': 'A client was enabled again; access from before stays ended',
  'clients.grants-ended':
    'What a client held for people ended, because it has to ask them from now on, or may ask for less',
  'clients.registered': 'A client registered itself (RFC 7591)',
  'clients.reregistered': 'A client changed its own registration (RFC 7592)',
  'clients.unregistered': 'A client deleted its own registration (RFC 7592)',
  'clients.updated': 'The settings of a client were changed',
  'consents.granted': 'A person allowed a client what it asked for',
  'consents.refused': 'Someone was asked for consent and refused; the next request asks again',
  'consents.withdrawn': 'What a person had allowed a client was withdrawn',
  'declarations.applied': 'A declarative file was applied; the details count what it changed',
  'declarations.reactivated':
    'A declarative file brought back what somebody else had ended, because it was applied with --reactivate',
  'deliveries.given-up': 'A message was not accepted within a day and is not tried again by itself',
  'deliveries.retried': 'A message that was given up was put back among those to deliver',
  'deprovisioning-receipts.completed': 'Every target of a leaver has been told, or cannot be; the receipt was signed',
  'email-verifications.requested': 'Someone signed in asked for a link that proves their e-mail address',
  'emails.verified': 'Someone opened a link that had gone to their e-mail address: it is theirs',
  'grants.revoked': 'A grant was revoked, with every token that came from it',
  'grants.revoked-by-reuse':
    'A code or refresh token was presented again: its grant ended, with every token that came from it',
  'group-members.added': 'People were added to a group',
  'group-members.removed': 'People were removed from a group',
  'groups.created': 'A group was created',
  'groups.deleted': 'A group was deleted',
  'groups.updated': "A group's attributes were changed",
  'initial-access-tokens.issued': 'A token was issued with which a client may register itself (RFC 7591)',
  'keys.created': 'A signing key, or the master secret, was made',
  'keys.retired': 'A signing key was retired: nothing it signed can still be valid, and its private part was erased',
  'keys.rewrapped': 'All stored secrets were put under a new key-encryption key',
  'keys.rotated': 'A signing algorithm moved on to its next key',
  'mails.refused': 'A mail was not sent and will not be; the reason says why',
  'mails.written': 'A mail to a person was written and handed to the mail server',
  'passwords.changed': "A person's password was set",
  'passwords.confirmation-refused': 'Someone signed in gave a wrong current password',
  'passwords.rehashed': 'A stored password was put under the present algorithm at a sign-in',
  'permissions.created': 'A permission was added to a resource server',
  'permissions.deleted': 'A permission was removed from its resource server and from everyone who had it',
  'permissions.updated': 'The description of a permission was changed',
  'refusals.summed-up':
    'More refusals of unknown callers than get a row each: how many there were in a minute, from where, and why',
  'recoveries.requested':
    'Someone asked for a link to choose a new password; the answer does not say whether there is such a person',
  'resource-servers.created': 'A resource server was created',
  'resource-servers.deleted': 'A resource server and its permissions were deleted',
  'resource-servers.updated': 'The settings or permissions of a resource server were changed',
  'role-assignments.created': 'A role was assigned to a person, a group or a client',
  'role-assignments.deleted': 'A role assignment was ended by deleting it',
  'role-assignments.updated': 'The period or reason of a role assignment was changed',
  'roles.created': 'A role was created',
  'roles.deleted': 'A role was deleted, with its assignments',
  'roles.updated': 'A role, its permissions or what it inherits was changed',
  'sessions.ended': 'A sign-in session was ended',
  'set-password-links.issued': 'A one-time link to set a password was issued',
  'set-password-links.redeemed': 'A one-time link to set a password was used',
  'set-password-links.refused': 'A one-time link to set a password was presented and not accepted',
  'sign-ins.cancelled': 'Someone cancelled a sign-in; the application was told access_denied',
  'sign-ins.refused': 'A sign-in was refused; the reason says why, whatever the page said',
  'sign-ins.succeeded': 'Someone signed in',
  'signal-stream-subjects.added': 'A receiver of security events asked for those about a person',
  'signal-stream-subjects.removed': 'A receiver of security events asked for none about a person',
  'signal-streams.created': 'A receiver made a stream of security events (OpenID Shared Signals Framework)',
  'signal-streams.deleted': 'A receiver deleted its stream of security events; what waited was told to nobody',
  'signal-streams.updated': 'A receiver changed, paused, disabled or enabled its stream of security events',
  'signal-streams.verified': 'A receiver asked for a verification event on its stream',
  'tokens.issued': 'Tokens were issued',
  'tokens.refused': 'A token request was refused; the details hold why',
  'tokens.revoked': 'A token was revoked by its client',
  'users.created': 'A user was created',
  'users.deactivated': 'A user was deactivated: all their access ended',
  'users.deleted': 'A user was deleted: all their access ended; they can be restored for some time',
  'users.erased': 'A deleted user was erased: their attributes, and what this log said of them, are destroyed',
  'users.reactivated': 'A user was made active again; access from before stays ended',
  'users.restored': 'A deleted user was restored: inactive, without groups, roles and password',
  'users.staged': 'A user was put off: all their access ended until they are let in',
  'users.suspended': 'A user was suspended: all their access ended',
  'users.updated': "A user's attributes were changed",
  'verify-email-links.redeemed': 'A one-time link to prove an e-mail address was used',
  'verify-email-links.refused': 'A one-time link to prove an e-mail address was presented and not accepted',
} as const;

export type AuditType = keyof typeof auditCatalogue;

export const isAuditType = (text: string): text is AuditType => Object.hasOwn(auditCatalogue, text);
