// docs/reference/audit-events.md, from the catalogue of the audit room.
import { page, table } from './page.mjs';

export function auditEventsPage({ auditCatalogue }) {
  const rows = Object.entries(auditCatalogue).map(([type, meaning]) => [`\`${type}\``, meaning]);
  return page(
    'Audit events',
    `Every change, sign-in and refusal leaves a row in \`audit_events\`, in the transaction that made it. About once a second new rows
are sealed into a hash chain: they get \`sequence\`, \`previous_hash\` and \`hash\`, and a signed checkpoint follows. From then on
neither UPDATE nor DELETE nor TRUNCATE changes them, and \`doorward audit verify\` finds the first row that does not fit.

Read them with \`GET /admin/v1/audit-events\` (by \`requestId\`, \`actor\`, \`target\`, \`type\`, \`from\`, \`to\`), stream them with
\`doorward audit export\`, or ask \`doorward doctor request ID\` why a request was refused. Names are stable: they are added to,
never renamed and never used for something else.`,
    table(['Type', 'Meaning'], rows),
  );
}
