// What is measured only when /metrics is asked.

import type { Foundation } from './compose-foundation.ts';
import { countUnsealed } from './domain/audit/seal-audit.ts';
import { countOpenReceipts } from './domain/receipts/count-open-receipts.ts';
import type { Telemetry } from './kernel/telemetry.ts';
import { countOutbox } from './persistence/count-outbox.ts';

export function registerGauges(telemetry: Telemetry, { pool, queue }: Foundation): void {
  telemetry.gauge('doorward_database_connections', 'Connections in the pool', () => pool.totalCount);
  telemetry.gauge('doorward_database_connections_idle', 'Connections nobody uses just now', () => pool.idleCount);
  telemetry.gauge('doorward_database_requests_waiting', 'Requests that wait for a connection', () => pool.waitingCount);
  telemetry.gauge('doorward_hashing_running', 'Passwords being hashed', () => queue.running);
  telemetry.gauge('doorward_hashing_waiting', 'Passwords waiting to be hashed', () => queue.waiting);
  telemetry.gauge(
    'doorward_hashing_refused',
    'Sign-ins told to come back because the hashing queue was full',
    () => queue.refused,
  );
  telemetry.gauge(
    'doorward_audit_unsealed_rows',
    'Audit events not sealed yet',
    async () => (await countUnsealed(pool)).rows,
  );
  telemetry.gauge('doorward_outbox_due_messages', 'Outbox messages waiting for delivery', () =>
    countOutbox(pool, 'due'),
  );
  telemetry.gauge('doorward_deprovisioning_receipts_open', 'Leavers of whom somebody has still to be told', () =>
    countOpenReceipts(pool),
  );
  telemetry.gauge('doorward_outbox_failed_messages', 'Outbox messages given up', () => countOutbox(pool, 'failed'));
}
