// A sealer that stops half-way through its transaction, with the lock held and rows changed, and waits to be killed.
import pg from 'pg';

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
// advisoryLocks.sealAudit; a plain script cannot import TypeScript.
await client.query('SELECT pg_advisory_lock($1)', [0x64770003]);
await client.query('BEGIN');
await client.query(
  `UPDATE audit_events SET sequence = 1000, previous_hash = '\\x00', hash = '\\x00'
   WHERE id = (SELECT id FROM audit_events WHERE sequence IS NULL LIMIT 1)`,
);
process.send('half-way');
setInterval(() => {}, 60_000);
