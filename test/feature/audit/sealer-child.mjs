// A sealer that stops half-way through its transaction, with the lock held and rows changed, and waits to be killed.
import pg from 'pg';

const client = new pg.Client({ connectionString: process.argv[2] });
await client.connect();
// advisoryLocks.sealAudit; a plain script cannot import TypeScript.
await client.query('SELECT pg_advisory_lock($1)', [0x64770003]);
await client.query('BEGIN');
await client.query(
  `WITH moved AS (
     DELETE FROM audit_events_unsealed WHERE ctid = (SELECT ctid FROM audit_events_unsealed LIMIT 1)
     RETURNING id, occurred_at, type, outcome, reason, actor_type, actor_id, target_type, target_id, client_id, request_id,
       ip_address, user_agent, details)
   INSERT INTO audit_events_sealed SELECT moved.*, 1000, '\\x00', '\\x00' FROM moved`,
);
process.send('half-way');
setInterval(() => {}, 60_000);
