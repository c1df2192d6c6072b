/**
 * The audit room owns what was recorded: its names (here), sealing, verifying, searching and exporting.
 * It does not own recording: a command records in its own transaction with `tx.record` (DESIGN §3).
 *
 * Every type that appears in `audit_events.type`, with the sentence that docs/reference shows for it.
 * Names are `<noun plural>.<past participle>`, kept in alphabetical order, and never renamed or reused: exports outlive us.
 */
export const auditCatalogue = {
  'keys.created': 'A signing key, or the master secret, was made',
  'keys.retired': 'A signing key was retired: nothing it signed can still be valid, and its private part was erased',
  'keys.rewrapped': 'All stored secrets were put under a new key-encryption key',
  'keys.rotated': 'A signing algorithm moved on to its next key',
} as const;

export type AuditType = keyof typeof auditCatalogue;

export const isAuditType = (text: string): text is AuditType => Object.hasOwn(auditCatalogue, text);
